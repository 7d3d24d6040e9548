"""A site's part in the thread of a number: begun, read, taken, given back."""

from collections.abc import Callable
from uuid import UUID

from services.notifications.domain.commands import (
    GiveBackConversation,
    MarkRead,
    OpenConversation,
    TakeConversation,
)
from services.notifications.domain.conversations import Conversation
from services.notifications.domain.errors import NumberNotOfPatient
from services.notifications.domain.occasions import CARE
from services.notifications.domain.reach import OLD, number_for
from services.notifications.operations.opt_out import lock_of
from services.notifications.operations.ports import Unit
from services.notifications.operations.sites import require_known_site
from shared.clock import Clock
from shared.errors import NotFound


def open_conversation(command: OpenConversation, uow: Unit, clock: Clock) -> Conversation:
    """Texts nobody yet. Begun before it is the same. Raises NotFound (site, patient), NumberNotOfPatient."""
    with uow:
        uow.asker.require_patients_seen()
        require_known_site(command.site_id, uow)
        number = _number(command, uow)
        uow.lock(lock_of(number))
        conversation_id = uow.conversations.open(number, command.site_id, clock.now())
        conversation = _part(conversation_id, number, command.site_id, uow, clock)
        ids = {"site_id": command.site_id, "patient_id": command.patient_id}
        uow.audit("open_conversation", "conversation", conversation_id, **ids)
        return uow.commit(conversation)


def mark_read(command: MarkRead, uow: Unit, clock: Clock) -> Conversation:
    """What came since the reader looked stays unread. Raises NotFound."""
    return _changed(command, lambda it: it.mark_read(command.heard), uow, clock)


def take_conversation(command: TakeConversation, uow: Unit, clock: Clock) -> Conversation:
    """Of two who take it at once one gets it. Raises NotFound, ConversationTaken with whose it is."""
    return _changed(command, lambda it: it.take(uow.asker.actor_id, clock.now()), uow, clock)


def give_back_conversation(command: GiveBackConversation, uow: Unit, clock: Clock) -> Conversation:
    """Also another's: whoever took it may have gone home. Raises NotFound."""
    return _changed(command, Conversation.give_back, uow, clock)


def require_number(conversation_id: UUID, site_id: UUID | None, uow: Unit) -> str:
    """The number of a thread of which one of the asker's sites has a part. Raises NotFound, also for another's site;
    what no site can be told for is for those who see all sites."""
    if site_id is not None:
        require_known_site(site_id, uow)
    number = uow.conversations.number_of(conversation_id, uow.asker.ordered_sites)
    if number is None or (site_id is None and uow.asker.sites is not None):
        raise NotFound
    return number


def _changed(
    command: MarkRead | TakeConversation | GiveBackConversation,
    change: Callable[[Conversation], Conversation],
    uow: Unit,
    clock: Clock,
) -> Conversation:
    with uow:
        number = require_number(command.conversation_id, command.site_id, uow)
        conversation = change(_part(command.conversation_id, number, command.site_id, uow, clock))
        uow.conversations.change(conversation)
        uow.audit(uow.action, "conversation", command.conversation_id, site_id=command.site_id)
        return uow.commit(conversation)


def _part(conversation_id: UUID, number: str, site_id: UUID | None, uow: Unit, clock: Clock) -> Conversation:
    """That site's part, locked; begun where another of the asker's sites has one alone."""
    if part := uow.conversations.lock(conversation_id, site_id):
        return part
    uow.conversations.open(number, site_id, clock.now())
    return _part(conversation_id, number, site_id, uow, clock)


def _number(command: OpenConversation, uow: Unit) -> str:
    """The one that was named, or the one that the patient is texted on about care."""
    known = [it for it in uow.copies.numbers_of([command.patient_id]).get(command.patient_id, []) if it.use != OLD]
    chosen = number_for(known, CARE)
    if command.number is not None:
        chosen = next((it for it in known if it.number == command.number), None)
    if chosen is None:
        raise NumberNotOfPatient
    return chosen.number
