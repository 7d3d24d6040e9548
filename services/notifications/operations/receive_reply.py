"""A patient's reply: STOP is in force when this commits."""

from datetime import datetime

from services.notifications.domain.commands import ReceiveReply, ReplyReceived
from services.notifications.domain.errors import NotOurNumber
from services.notifications.domain.opt_outs import OptOut
from services.notifications.domain.reach import number_for
from services.notifications.domain.replies import CANCEL, OTHER, START, STOP, meaning_of
from services.notifications.domain.tasks import REPLY, REPLY_CANCEL, task_to_read
from services.notifications.domain.texts import OPTED_OUT
from services.notifications.operations.claim_text import lock_of, skip_text
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.ids import new_id

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
        _opt_out(command, uow, clock)
    if meaning == START:
        _opt_in(command, uow, clock)
    if reason := _TASKS.get(meaning):
        site_id = uow.texts.last_texted_site(command.from_number)
        uow.tasks.open(task_to_read(command.message_id, reason, site_id, clock.now()))


def _opt_out(command: ReceiveReply, uow: Unit, clock: Clock) -> None:
    said = uow.opt_outs.of(command.from_number)
    if said is None or not said.opted_out:
        _say(said or _silent(command, clock.now()), command, uow, clock, opted_out=True)
    _skip_queued(command.from_number, uow, clock)


def _opt_in(command: ReceiveReply, uow: Unit, clock: Clock) -> None:
    said = uow.opt_outs.of(command.from_number)
    if said and said.opted_out:
        _say(said, command, uow, clock, opted_out=False)


def _silent(command: ReceiveReply, now: datetime) -> OptOut:
    return OptOut(
        opt_out_id=new_id(), number=command.from_number, opted_out=False, version=0, changed_at=now, evidence=""
    )


def _say(said: OptOut, command: ReceiveReply, uow: Unit, clock: Clock, *, opted_out: bool) -> None:
    now_said = said.say(opted_out=opted_out, evidence=command.message_id, now=clock.now())
    uow.opt_outs.keep(now_said)
    uow.record(now_said.event())


def _skip_queued(number: str, uow: Unit, clock: Clock) -> None:
    """What is due to patients who would be texted on this number dies here and now, each with its event."""
    numbers = uow.copies.numbers_of(uow.copies.patients_with(number))
    reached = [it for it, theirs in numbers.items() if (chosen := number_for(theirs)) and chosen.number == number]
    appointment_ids = uow.texts.appointments_with_due(reached)
    uow.copies.lock_visits(appointment_ids)
    for text in uow.texts.lock_due_of(appointment_ids):
        skip_text(text, OPTED_OUT, uow, clock)


def _answer(command: ReceiveReply, meaning: str, said: OptOut | None, *, is_new: bool) -> ReplyReceived:
    opted_out = said is not None and said.opted_out
    return ReplyReceived(message_id=command.message_id, meaning=meaning, opted_out=opted_out, duplicate=not is_new)
