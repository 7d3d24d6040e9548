"""Short texts that a network's people send often: added, changed, removed."""

from services.notifications.domain.commands import AddQuickReply, RemoveQuickReply, SaveQuickReply
from services.notifications.domain.free_texts import require_possible
from services.notifications.domain.quick_replies import QuickReply
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.ids import new_id


def add_quick_reply(command: AddQuickReply, uow: Unit, clock: Clock) -> QuickReply:
    """Raises ImpossibleText, QuickReplyExists."""
    with uow:
        require_possible(command.body)
        now, by = clock.now(), uow.asker.principal
        reply = QuickReply(quick_reply_id=new_id(), created_at=now, saved_at=now, saved_by=by, **vars(command))
        uow.quick_replies.add(reply)
        return _done(reply, uow)


def save_quick_reply(command: SaveQuickReply, uow: Unit, clock: Clock) -> QuickReply:
    """Raises NotFound, Stale, ImpossibleText, QuickReplyExists."""
    with uow:
        require_possible(command.body)
        known = uow.quick_replies.take(command.quick_reply_id, command.version)
        reply = known.save(command.name, command.body, uow.asker.principal, clock.now())
        uow.quick_replies.save(reply)
        return _done(reply, uow)


def remove_quick_reply(command: RemoveQuickReply, uow: Unit, clock: Clock) -> QuickReply:
    """What was sent in its words stays sent. Raises NotFound."""
    with uow:
        reply = uow.quick_replies.take(command.quick_reply_id, None).remove(clock.now())
        uow.quick_replies.save(reply)
        return _done(reply, uow)


def _done(reply: QuickReply, uow: Unit) -> QuickReply:
    uow.audit(uow.action, "quick_reply", reply.quick_reply_id)
    return uow.commit(reply)
