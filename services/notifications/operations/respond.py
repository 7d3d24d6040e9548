"""Something is to be said back to a reply. The caller holds the number's lock."""

from datetime import timedelta
from uuid import UUID

from services.notifications.domain.replies import Understood
from services.notifications.domain.responses import ASK, Response
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.ids import new_id

# Two machines that answer each other stop here.
_NOT_AGAIN_FOR = timedelta(days=1)


def respond(number: str, message_id: str, kind: str, said: Understood, uow: Unit, clock: Clock) -> None:
    """Due now; sent when this has committed."""
    _add(number, message_id, kind, said, None, uow, clock)


def respond_seldom(number: str, message_id: str, kind: str, said: Understood, uow: Unit, clock: Clock) -> bool:
    """The same, but once a day; False where it was said already."""
    if uow.responses.said_since(number, kind, clock.now() - _NOT_AGAIN_FOR):
        return False
    _add(number, message_id, kind, said, None, uow, clock)
    return True


def ask_once(number: str, message_id: str, text_id: UUID, said: Understood, uow: Unit, clock: Clock) -> bool:
    """Asks about that text once more; False where it was asked already."""
    if uow.responses.has_asked(text_id):
        return False
    _add(number, message_id, ASK, said, text_id, uow, clock)
    return True


def _add(
    number: str, message_id: str, kind: str, said: Understood, text_id: UUID | None, uow: Unit, clock: Clock
) -> None:
    uow.responses.add(
        Response(
            response_id=new_id(),
            number=number,
            kind=kind,
            language=said.language,
            message_id=message_id,
            text_id=text_id,
            due_at=clock.now(),
        )
    )
