"""What notifications does by itself, in the process `work`."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.notifications.adapters.exchange import Exchange
from services.notifications.adapters.form_gateway import FormGateway
from services.notifications.adapters.no_carrier import NoCarrier
from services.notifications.adapters.sandbox import SandboxGateway
from services.notifications.operations.carriers import Carriers
from services.notifications.operations.end_tasks import end_tasks as end
from services.notifications.operations.gateway import TextGateway
from services.notifications.operations.look_up_texts import GRACE, LookUpRun
from services.notifications.operations.reminder_rules import plan_reminders as plan
from services.notifications.operations.send_free_texts import FreeTextRun
from services.notifications.operations.send_responses import ResponseRun
from services.notifications.operations.send_texts import SendRun
from services.notifications.operations.watch_texts import watch_texts as watch
from shared.carriers import CarrierAccount, carrier_accounts
from shared.config import optional, setting
from shared.jobs import Job, JobContext
from shared.logs import log
from shared.messaging.door import is_away


class RealTime:
    """How long claims and copies may take: never the clinic's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


# The carriers of a network, in the order in which they are tried.
Gateways = Callable[[UUID], Sequence[TextGateway]]
# One for all jobs: it tells of a network once.
NOBODY = NoCarrier()
# So long a call goes on while there is more to send: a job that is silent for minutes is an alert.
_LONGEST_CALL = timedelta(seconds=60)


def sandbox(context: JobContext) -> Gateways:
    """Keeps every text in a table."""
    gateway = SandboxGateway(context.units, context.clock)
    return lambda _network_id: [gateway]


def http(_context: JobContext) -> Gateways:
    """The carriers of this installation. The process ends with a sentence where a setting is missing or wrong."""
    accounts, public_url = carrier_accounts(), setting("FRONTDESK_PUBLIC_URL")
    gateways = {account: _form_gateway(account, public_url) for account in accounts.all()}
    return lambda network_id: [gateways[account] for account in accounts.of(network_id)] or [NOBODY]


def _form_gateway(account: CarrierAccount, public_url: str) -> FormGateway:
    try:
        exchange = Exchange(account.url, account.account, account.secret)
    except ValueError as error:
        raise SystemExit(f"frontdesk: the account {account.account} of the text gateway: {error}") from None
    return FormGateway(exchange, account.account, public_url, per_second=account.texts_per_second)


GATEWAYS = {"http": http, "sandbox": sandbox}


def text_gateways(context: JobContext) -> Gateways:
    """The carriers that FRONTDESK_TEXT_GATEWAY names; the sandbox where it names none."""
    name = optional("FRONTDESK_TEXT_GATEWAY", "sandbox")
    if name not in GATEWAYS:
        raise SystemExit(f"frontdesk: FRONTDESK_TEXT_GATEWAY is {name!r}; there is {', '.join(sorted(GATEWAYS))}")
    return GATEWAYS[name](context)


class AsksCarriers:
    """Which carriers there are is read once, before anything starts: no setting that breaks later ends a job."""

    gateways: Gateways

    def prepare(self, context: JobContext) -> None:
        self.gateways = text_gateways(context)


class Sending(AsksCarriers):
    """Claims and sends what is due, network by network. What is known of the carriers outlives a call."""

    def __init__(self, run: type[SendRun | ResponseRun | FreeTextRun], told: str) -> None:
        self._run, self._told = run, told
        self._real_time = RealTime()
        self._carriers = Carriers(self._real_time, never_away=[NOBODY.name])

    def __call__(self, context: JobContext) -> None:
        failed, ends_at = set[UUID](), self._real_time.now() + _LONGEST_CALL
        while sum(self._send(context, it, failed) for it in context.networks()) and self._real_time.now() < ends_at:
            pass  # who left off goes on, once the others had their turn

    def _send(self, context: JobContext, network_id: UUID, failed: set[UUID]) -> bool:
        """Whether there was more to send than the network's turn was long."""
        units, clock, stopping = context.units, context.clock, context.stopping.is_set
        left_off = False
        for it in self._carriers.in_turn(self.gateways(network_id)):
            which: Any = {"is_last": it.is_last, "only": it.only, "is_paced": it.is_paced, "failed": failed}
            run = self._run(units, it.gateway, clock, self._real_time, _troubled, stopping, it.watch, **which)
            if sent := run.send(network_id):
                log.info(self._told, count=sent)
            it.left.update(run.left)
            left_off = left_off or run.left_off
        return left_off


def watch_texts(context: JobContext) -> None:
    """Gives up lost claims, and tells a person of what waits too long."""
    for network_id in context.networks():
        watch(context.units.for_network(network_id), context.clock, RealTime().now())


def end_tasks(context: JobContext) -> None:
    """Ends the tasks whose cause is gone."""
    for network_id in context.networks():
        end(context.units.for_network(network_id), context.clock)


def plan_reminders(context: JobContext) -> None:
    """Carries out rules that have changed, for the visits that were known before."""
    for network_id in context.networks():
        while plan(context.units.for_network(network_id), context.clock) and not context.stopping.is_set():
            pass


class LookUps(AsksCarriers):
    """Asks the carriers about texts whose fate nobody knows."""

    def __call__(self, context: JobContext) -> None:
        grace = timedelta(seconds=float(optional("FRONTDESK_TEXT_GRACE_S", str(GRACE.total_seconds()))))
        for network_id in context.networks():
            for gateway in self.gateways(network_id):
                run = LookUpRun(context.units, gateway, context.clock, RealTime(), context.stopping.is_set, grace)
                if settled := run.look_up_texts(network_id):
                    log.info("texts-looked-up", settled=settled)


def _troubled(text_id: UUID, error: Exception) -> None:
    """One text or response that failed is tried again with the next run; a database that is away ends this one."""
    log.error("text-failed", text_id=str(text_id), exc_info=error)
    if is_away(error):
        raise error


_texts, _responses = Sending(SendRun, "texts-sent"), Sending(ResponseRun, "responses-sent")
_free_texts, _look_ups = Sending(FreeTextRun, "free-texts-sent"), LookUps()
# What is said back to replies and what people write is sent beside all that is due.
JOBS = [
    Job("send-due-texts", 1.0, _texts, prepare=_texts.prepare, woken=True),
    Job("send-responses", 1.0, _responses, prepare=_responses.prepare, woken=True),
    Job("send-free-texts", 1.0, _free_texts, prepare=_free_texts.prepare, woken=True),
    Job("watch-texts", 1.0, watch_texts),
    Job("end-tasks", 10.0, end_tasks),
    Job("look-up-texts", 5.0, _look_ups, prepare=_look_ups.prepare),
    Job("plan-reminders", 5.0, plan_reminders),
]
