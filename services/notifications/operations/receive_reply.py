"""A patient's reply: STOP is in force when this commits, and a yes is told to scheduling."""

from dataclasses import dataclass

from services.notifications.domain.asks import WAITLIST_OFFER
from services.notifications.domain.commands import ReceiveReply, ReplyTaken
from services.notifications.domain.errors import NotOurNumber
from services.notifications.domain.questions import ANSWERABLE_FOR, Message, answered_by
from services.notifications.domain.replies import (
    CANCEL,
    CONFIRM,
    DECLINE,
    DOUBT,
    HELP,
    RESCHEDULE,
    START,
    STOP,
    WRONG_NUMBER,
    Understood,
    understand,
)
from services.notifications.domain.responses import HELP as RESPONSE_TO_HELP
from services.notifications.domain.responses import RECEIVED, YOU_ARE_IN, YOU_ARE_OUT
from services.notifications.domain.tasks import (
    REPLY,
    REPLY_CANCEL,
    REPLY_DECLINE,
    REPLY_RESCHEDULE,
    REPLY_UNMATCHED,
    REPLY_WRONG_NUMBER,
    task_to_read,
)
from services.notifications.operations.ask import tell_what_came_of
from services.notifications.operations.opt_out import lock_of, opt_in, opt_out
from services.notifications.operations.ports import Unit
from services.notifications.operations.respond import ask_once, respond, respond_seldom
from shared.clock import Clock
from shared.events.notifications import ReplyReceived
from shared.ids import derived_id

# A carrier reads CANCEL as an opt-out and blocks the number: recorded as what it is, and a person hears of the wish.
_OPTS_OUT = frozenset({STOP, CANCEL})
_TOLD = frozenset({CONFIRM, DECLINE, RESCHEDULE})
_CALLS = {
    CANCEL: REPLY_CANCEL,
    DECLINE: REPLY_DECLINE,
    RESCHEDULE: REPLY_RESCHEDULE,
    WRONG_NUMBER: REPLY_WRONG_NUMBER,
    CONFIRM: REPLY_UNMATCHED,
}


@dataclass(frozen=True, kw_only=True)
class _Reply:
    """A reply under its number's lock, what it means, and the message that it answers, where that is plain."""

    command: ReceiveReply
    said: Understood
    answers: Message | None

    @property
    def number(self) -> str:
        return self.command.from_number

    @property
    def by(self) -> tuple[str, str]:
        """Who said it, and in which message."""
        return self.command.from_number, self.command.message_id


def receive_reply(command: ReceiveReply, uow: Unit, clock: Clock) -> ReplyTaken:
    """Raises NotOurNumber where `to_number` is not the network's."""
    with uow:
        if uow.network.sender() != command.to_number:
            raise NotOurNumber
        uow.lock(lock_of(command.from_number))
        reply = _read(command, uow, clock)
        is_new = _keep(reply, uow, clock)
        if is_new:
            _act(reply, uow, clock)
            uow.numbers.forget_failures([reply.number])  # whoever writes from it can be written to
        uow.audit("receive_reply", "reply", command.message_id, detail={"meaning": reply.said.meaning})
        return uow.commit(_taken(reply, uow, is_new=is_new))


def _read(command: ReceiveReply, uow: Unit, clock: Clock) -> _Reply:
    said, now = understand(command.body), clock.now()
    since = now - ANSWERABLE_FOR
    if said.quote is None and uow.free_texts.wrote_last(command.from_number, since):
        return _Reply(command=command, said=said, answers=None)  # it answers a person, and a person reads it
    messages = uow.replies.answerable(command.from_number, since, now)
    return _Reply(command=command, said=said, answers=answered_by(messages, said.quote))


def _keep(reply: _Reply, uow: Unit, clock: Clock) -> bool:
    """Where it is new it is heard at its site, and nowhere else."""
    site_id = reply.answers.site_id if reply.answers else uow.conversations.site_of(reply.number)
    is_new = uow.replies.keep(
        message_id=reply.command.message_id,
        from_number=reply.number,
        body=reply.command.body,
        meaning=reply.said.meaning,
        text_id=reply.answers.text_id if reply.answers else None,
        site_id=site_id,
        received_at=clock.now(),
    )
    if is_new:
        uow.conversations.open(reply.number, site_id, clock.now(), heard=1)
    return is_new


def _act(reply: _Reply, uow: Unit, clock: Clock) -> None:
    meaning = reply.said.meaning
    if meaning in _OPTS_OUT and opt_out(reply.number, reply.command.message_id, uow, clock):
        respond(*reply.by, YOU_ARE_OUT, reply.said, uow, clock)
    if meaning == START and opt_in(reply.number, reply.command.message_id, uow, clock):
        respond(*reply.by, YOU_ARE_IN, reply.said, uow, clock)
    if meaning in _TOLD and reply.answers:
        said_to = _told(reply, reply.answers)
        for answers in said_to:
            uow.record(_fact(reply, answers, uow, clock))
        uow.replies.keep_told(reply.command.message_id, [it.text_id for it in said_to if it is not reply.answers])
        if reply.answers.gone and reply.answers.asked_id:
            tell_what_came_of(reply.answers.asked_id, uow, clock)
    if not _is_answered(reply, uow, clock) and (reason := _to_read_as(reply)):
        _open_task(reply, reason, uow, clock)


def _told(reply: _Reply, answers: Message) -> list[Message]:
    """Who says yes to a text of several visits comes to all of them. To which one anything else is said nobody knows: a
    person asks."""
    if not answers.told_with:
        return [answers]
    return answers.holding if reply.said.meaning == CONFIRM else []


def _is_answered(reply: _Reply, uow: Unit, clock: Clock) -> bool:
    """Whether an answer is all that it needs: HELP, and once each what may be a yes or a no to one text of ours.

    Thanks for a visit that was confirmed already need none.
    """
    if reply.said.adds_nothing and reply.answers and reply.answers.confirmed:
        return True
    if uow.opt_outs.opted_out([reply.number]):
        return False
    if reply.said.meaning == HELP:
        return respond_seldom(*reply.by, RESPONSE_TO_HELP, reply.said, uow, clock)
    if reply.said.meaning == DOUBT and reply.answers and reply.answers.holds:
        return ask_once(*reply.by, reply.answers.text_id, reply.said, uow, clock)
    return False


def _open_task(reply: _Reply, reason: str, uow: Unit, clock: Clock) -> None:
    """A stranger hears that somebody will read it, and nothing else; we do not know who that is."""
    site_id = uow.conversations.site_of(reply.number)
    uow.tasks.open(task_to_read(reply.command.message_id, reason, site_id, reply.answers, clock.now()))
    is_strange = site_id is None and not uow.copies.patients_with(reply.number)
    if is_strange and not uow.opt_outs.opted_out([reply.number]) and reply.said.meaning not in _OPTS_OUT:
        respond_seldom(*reply.by, RECEIVED, reply.said, uow, clock)


def _to_read_as(reply: _Reply) -> str | None:
    """Why a person should read it, or None: all that was said is done."""
    meaning = reply.said.meaning
    if meaning == START or (meaning == STOP and not reply.said.more) or (meaning == CONFIRM and reply.answers):
        return None
    if meaning == DECLINE and reply.answers and reply.answers.asks == WAITLIST_OFFER:
        return None  # the next in line is asked
    return _CALLS.get(meaning, REPLY)


def _fact(reply: _Reply, answers: Message, uow: Unit, clock: Clock) -> ReplyReceived:
    return ReplyReceived(
        reply_id=derived_id(uow.network_id, _name_of(reply, answers)),
        version=1,
        meaning=reply.said.meaning,
        answers=answers.asks or "",
        text_id=answers.text_id,
        site_id=answers.site_id,
        patient_id=answers.patient_id,
        appointment_id=answers.appointment_id,
        asked_id=answers.asked_id,
        asked_site_id=answers.place_id,
        start_at=answers.start_at,
        received_at=clock.now(),
    )


def _name_of(reply: _Reply, answers: Message) -> str:
    """One reply to several visits is a fact of each."""
    is_first = reply.answers is not None and reply.answers.text_id == answers.text_id
    return f"reply/{reply.command.message_id}" + ("" if is_first else f"/{answers.text_id}")


def _taken(reply: _Reply, uow: Unit, *, is_new: bool) -> ReplyTaken:
    said = uow.opt_outs.of(reply.number)
    return ReplyTaken(
        message_id=reply.command.message_id,
        meaning=reply.said.meaning,
        opted_out=said is not None and said.opted_out,
        duplicate=not is_new,
    )
