"""A patient's reply: STOP is in force when this commits."""

from datetime import datetime

from services.notifications.domain.commands import ReceiveReply, ReplyReceived
from services.notifications.domain.errors import NotOurNumber
from services.notifications.domain.opt_outs import OptOut
from services.notifications.domain.replies import CANCEL, OTHER, START, STOP, meaning_of
from services.notifications.domain.tasks import REPLY, REPLY_CANCEL, task_to_read
from services.notifications.operations.opt_out import lock_of, opt_in, opt_out
from services.notifications.operations.ports import Unit
from shared.clock import Clock

# A carrier reads CANCEL as an opt-out and blocks the number: recorded as what it is, and a person hears of it.
_OPTS_OUT = frozenset({STOP, CANCEL})
_TASKS = {CANCEL: REPLY_CANCEL, OTHER: REPLY}


def receive_reply(command: ReceiveReply, uow: Unit, clock: Clock) -> ReplyReceived:
    """Raises NotOurNumber where `to_number` is not the network's."""
    with uow:
        if uow.network.sender() != command.to_number:
            raise NotOurNumber
        uow.lock(lock_of(command.from_number))
        meaning = meaning_of(command.body)
        is_new = _keep(command, meaning, uow, clock.now())
        if is_new:
            _act(command, meaning, uow, clock)
        said = uow.opt_outs.of(command.from_number)
        uow.audit("receive_reply", "reply", command.message_id, detail={"meaning": meaning})
        return uow.commit(_answer(command, meaning, said, is_new=is_new))


def _keep(command: ReceiveReply, meaning: str, uow: Unit, now: datetime) -> bool:
    return uow.opt_outs.keep_reply(
        message_id=command.message_id,
        from_number=command.from_number,
        body=command.body,
        meaning=meaning,
        received_at=now,
    )


def _act(command: ReceiveReply, meaning: str, uow: Unit, clock: Clock) -> None:
    if meaning in _OPTS_OUT:
        opt_out(command.from_number, command.message_id, uow, clock)
    if meaning == START:
        opt_in(command.from_number, command.message_id, uow, clock)
    if reason := _TASKS.get(meaning):
        site_id = uow.texts.last_texted_site(command.from_number)
        uow.tasks.open(task_to_read(command.message_id, reason, site_id, clock.now()))


def _answer(command: ReceiveReply, meaning: str, said: OptOut | None, *, is_new: bool) -> ReplyReceived:
    opted_out = said is not None and said.opted_out
    return ReplyReceived(message_id=command.message_id, meaning=meaning, opted_out=opted_out, duplicate=not is_new)
