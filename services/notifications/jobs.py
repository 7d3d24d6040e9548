"""What notifications does by itself, in the process `work`."""

from datetime import UTC, datetime
from uuid import UUID

from services.notifications.adapters.sandbox import SandboxGateway
from services.notifications.operations.gateway import TextGateway
from services.notifications.operations.send_texts import SendRun
from shared.config import optional
from shared.jobs import Job, JobContext
from shared.logs import log
from shared.messaging.door import is_away

GATEWAYS = {"sandbox": SandboxGateway}


class RealTime:
    """How long claims and copies may take: never the clinic's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def text_gateway(context: JobContext) -> TextGateway:
    """The carrier that FRONTDESK_TEXT_GATEWAY names; the sandbox where it names none."""
    name = optional("FRONTDESK_TEXT_GATEWAY", "sandbox")
    if name not in GATEWAYS:
        raise SystemExit(f"frontdesk: FRONTDESK_TEXT_GATEWAY is {name!r}; there is {', '.join(sorted(GATEWAYS))}")
    return GATEWAYS[name](context.units, context.clock)


def send_due_texts(context: JobContext) -> None:
    """Claims and sends what is due, network by network."""
    run = SendRun(context.units, text_gateway(context), context.clock, RealTime(), _troubled, context.stopping.is_set)
    for network_id in context.networks():
        if sent := run.send_due_texts(network_id):
            log.info("texts-sent", count=sent)


def _troubled(text_id: UUID, error: Exception) -> None:
    """One text that failed is tried again with the next run; a database that is away ends this one."""
    log.error("text-failed", text_id=str(text_id), exc_info=error)
    if is_away(error):
        raise error


JOBS = [Job("send-due-texts", 1.0, send_due_texts)]
