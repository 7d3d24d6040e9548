"""What notifications does by itself, in the process `work`."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.notifications.adapters.exchange import Exchange
from services.notifications.adapters.form_gateway import FormGateway
from services.notifications.adapters.sandbox import SandboxGateway
from services.notifications.operations.carrier_watch import CarrierWatch
from services.notifications.operations.gateway import TextGateway
from services.notifications.operations.look_up_texts import GRACE, LookUpRun
from services.notifications.operations.send_texts import SendRun
from services.notifications.operations.watch_texts import watch_texts as watch
from shared.config import optional, setting
from shared.jobs import Job, JobContext
from shared.logs import log
from shared.messaging.door import is_away


class RealTime:
    """How long claims and copies may take: never the clinic's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def sandbox(context: JobContext) -> TextGateway:
    """Keeps every text in a table."""
    return SandboxGateway(context.units, context.clock)


def http(_context: JobContext) -> TextGateway:
    """The carrier of this installation. The process ends with a sentence where a setting is missing or wrong."""
    account = setting("FRONTDESK_TEXT_GATEWAY_ACCOUNT")
    try:
        exchange = Exchange(setting("FRONTDESK_TEXT_GATEWAY_URL"), account, setting("FRONTDESK_TEXT_GATEWAY_SECRET"))
    except ValueError as error:
        raise SystemExit(f"frontdesk: FRONTDESK_TEXT_GATEWAY_URL: {error}") from None
    return FormGateway(exchange, account, setting("FRONTDESK_PUBLIC_URL"))


GATEWAYS = {"http": http, "sandbox": sandbox}


def text_gateway(context: JobContext) -> TextGateway:
    """The carrier that FRONTDESK_TEXT_GATEWAY names; the sandbox where it names none."""
    name = optional("FRONTDESK_TEXT_GATEWAY", "sandbox")
    if name not in GATEWAYS:
        raise SystemExit(f"frontdesk: FRONTDESK_TEXT_GATEWAY is {name!r}; there is {', '.join(sorted(GATEWAYS))}")
    return GATEWAYS[name](context)


class Sending:
    """Claims and sends what is due, network by network. What is known of the carrier outlives a run."""

    def __init__(self) -> None:
        self._real_time = RealTime()
        self._watch = CarrierWatch(self._real_time)

    def __call__(self, context: JobContext) -> None:
        gateway, stopping = text_gateway(context), context.stopping.is_set
        run = SendRun(context.units, gateway, context.clock, self._real_time, _troubled, stopping, self._watch)
        for network_id in context.networks():
            if sent := run.send_due_texts(network_id):
                log.info("texts-sent", count=sent)


def watch_texts(context: JobContext) -> None:
    """Gives up lost claims, and tells a person of what waits too long."""
    for network_id in context.networks():
        watch(context.units.for_network(network_id), context.clock, RealTime().now())


def look_up_texts(context: JobContext) -> None:
    """Asks the carrier about texts whose fate nobody knows."""
    grace = timedelta(seconds=float(optional("FRONTDESK_TEXT_GRACE_S", str(GRACE.total_seconds()))))
    gateway, stopping = text_gateway(context), context.stopping.is_set
    run = LookUpRun(context.units, gateway, context.clock, RealTime(), stopping, grace)
    for network_id in context.networks():
        if settled := run.look_up_texts(network_id):
            log.info("texts-looked-up", settled=settled)


def _troubled(text_id: UUID, error: Exception) -> None:
    """One text that failed is tried again with the next run; a database that is away ends this one."""
    log.error("text-failed", text_id=str(text_id), exc_info=error)
    if is_away(error):
        raise error


JOBS = [
    Job("send-due-texts", 1.0, Sending(), prepare=text_gateway, woken=True),
    Job("watch-texts", 1.0, watch_texts),
    Job("look-up-texts", 5.0, look_up_texts),
]
