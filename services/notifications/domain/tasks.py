"""What a person has to do because the machine must not: ids and a reason, never a patient's data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.domain.asks import QUESTIONS, DueAsk
from services.notifications.domain.questions import Message
from services.notifications.domain.texts import (
    CAPPED,
    FAILED,
    NO_CONSENT,
    NO_PHONE,
    NUMBER_INVALID,
    NUMBER_NOT_FOR_TEXTS,
    OPTED_OUT,
    QUIET_HOURS,
    REASONS_FOR_A_TASK,
    REFUSED,
    RUN_STOPPED,
    TOO_LATE_TO_ACT,
    UNKNOWN,
    WRONG_NUMBER,
    Text,
)
from shared.ids import derived_id, new_id

COPY_MISSING = "copy-missing"
TEXT_REFUSED = "text-refused"
TEXT_UNKNOWN = "text-unknown"
TEXT_FAILED = "text-failed"
REPLY = "reply"
REPLY_CANCEL = "reply-cancel"
REPLY_DECLINE = "reply-decline"
REPLY_RESCHEDULE = "reply-reschedule"
REPLY_WRONG_NUMBER = "reply-wrong-number"
# A yes, and nobody knows to what.
REPLY_UNMATCHED = "reply-unmatched"
# A yes to a time that was gone, and there is no other to propose.
PROPOSAL_GONE = "proposal-gone"
FREE_TEXT_NOT_SENT = "free-text-not-sent"

_BY_STATUS = {REFUSED: TEXT_REFUSED, UNKNOWN: TEXT_UNKNOWN, FAILED: TEXT_FAILED}
# These end with their cause alone: closed by hand they would hide it, or come back at once.
ENDS_WITH_ITS_CAUSE = frozenset({COPY_MISSING, TEXT_UNKNOWN})
# Each is about what became of a text, and ends when that is known better.
ABOUT_ITS_FATE = tuple(_BY_STATUS.values())
# A text that asks did not come: whoever does these asks in another way, while there is anything to ask.
TO_ASK_OTHERWISE = (*sorted(REASONS_FOR_A_TASK), OPTED_OUT, RUN_STOPPED, TEXT_REFUSED, TEXT_FAILED)
# And of a visit that cannot take place: whoever calls about another time, until it has one.
TO_CALL_ABOUT_A_TIME = (*TO_ASK_OTHERWISE, REPLY_DECLINE, REPLY_RESCHEDULE, PROPOSAL_GONE)

# With which news of its visit a task about it ends by itself. That another time was set is no answer to whoever may
# have wanted none.
WITH_THE_VISIT = "visit"  # another status, time or site
WITH_ITS_STATUS = "status"
NEVER = "never"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """`words`: what whoever does it reads. `within`: how soon somebody should have done it. `call`: by telephone.

    `untold`: the patient does not know what a text would have told her; whatever reaches her later ends it.
    """

    words: str
    within: timedelta
    call: bool = True
    untold: bool = False
    ends: str = NEVER


def _untold(words: str, hours: int) -> Reason:
    return Reason(words=words, within=timedelta(hours=hours), untold=True, ends=WITH_THE_VISIT)


def _asked(words: str, ends: str = NEVER, *, call: bool = True) -> Reason:
    """A patient waits for it."""
    return Reason(words=words, within=timedelta(hours=4), call=call, ends=ends)


# Every reason there is. A new one is a line here.
REASONS: Mapping[str, Reason] = {
    NO_PHONE: _untold("No number is known: she could not be texted about this visit", 24),
    NO_CONSENT: _untold("Nobody recorded that she agrees to texts: she was not texted about this visit", 24),
    WRONG_NUMBER: _untold("The number is said not to be hers: ask for another, and tell her of her visit", 24),
    NUMBER_INVALID: _untold("There is no such number: she could not be texted about this visit", 24),
    NUMBER_NOT_FOR_TEXTS: _untold("The number takes no texts: tell her of this visit", 24),
    OPTED_OUT: _untold("She wants no texts: ask her what the text would have asked", 24),
    QUIET_HOURS: _untold("The text would have come too late after quiet hours: tell her of this visit", 4),
    CAPPED: _untold("She had as many texts as the network allows: tell her of this visit", 24),
    TOO_LATE_TO_ACT: _untold("The text would have come too late: tell her of this visit", 4),
    PROPOSAL_GONE: _asked("She took a time that was gone, and was told that somebody calls"),
    RUN_STOPPED: _untold("Somebody stopped the texts: ask her what this one would have asked", 4),
    TEXT_REFUSED: _untold("The carrier did not take the text: tell her of this visit", 4),
    TEXT_FAILED: _untold("The text did not arrive: tell her of this visit", 4),
    REPLY_CANCEL: _asked("She answered CANCEL: ask whether she meant the visit, the texts or both", WITH_ITS_STATUS),
    REPLY_DECLINE: _asked("She answered that she does not come: ask what is to become of the visit", WITH_THE_VISIT),
    REPLY_RESCHEDULE: _asked("She asks for another time", WITH_THE_VISIT),
    REPLY_UNMATCHED: _asked("She said yes, and it is not plain to what: ask which visit she means"),
    FREE_TEXT_NOT_SENT: _asked("What somebody wrote to her did not go out, or nobody knows: tell her"),
    REPLY: _asked("Read the reply", call=False),
    REPLY_WRONG_NUMBER: _asked("Whoever has the phone says that it is not the patient's: see whose it was", call=False),
    TEXT_UNKNOWN: _asked("Nobody knows whether the text went out: say what became of it", call=False),
    COPY_MISSING: _asked("What the text needs has not come from another service", call=False),
}
CALLS = tuple(name for name, reason in REASONS.items() if reason.call)
_DAYS_BEFORE = timedelta(days=1)


def due_by(reason: str, opened_at: datetime, start_at: datetime | None) -> datetime:
    """By when somebody should have done it: as its reason says, and at the latest a day before the visit, or, where
    that is past, when a quarter of the time until it is over."""
    due_at = opened_at + REASONS[reason].within
    if start_at is None or start_at <= opened_at:
        return due_at
    return min(due_at, max(start_at - _DAYS_BEFORE, opened_at + (start_at - opened_at) / 4))


@dataclass(frozen=True, kw_only=True)
class Task:
    """`site_id` is None where no site can be told; `message_id` names the reply that a person should read.

    `start_at`: when the visit was to begin that it is about. `taken_by`: the account whose it is; `tries`: how often
    nobody answered; `outcome`: what came of it last (domain/calls.py).
    """

    task_id: UUID
    site_id: UUID | None
    reason: str
    opened_at: datetime
    text_id: UUID | None = None
    appointment_id: UUID | None = None
    patient_id: UUID | None = None
    message_id: str | None = None
    start_at: datetime | None = None
    due_at: datetime | None = None
    taken_by: str | None = None
    taken_at: datetime | None = None
    tries: int = 0
    outcome: str | None = None
    done_at: datetime | None = None

    @property
    def due_by(self) -> datetime:
        """By when somebody should have done it."""
        return self.due_at or due_by(self.reason, self.opened_at, self.start_at)


def task_about(text: Text, reason: str, now: datetime) -> Task:
    """The one task of that reason about a text."""
    return Task(
        task_id=derived_id(text.text_id, f"task/{reason}"),
        site_id=text.site_id,
        reason=reason,
        opened_at=now,
        text_id=text.text_id,
        appointment_id=text.appointment_id,
        patient_id=text.patient_id,
        start_at=text.start_at,
    )


def task_to_call(due: DueAsk, now: datetime) -> Task:
    """The patient is told that somebody calls."""
    return Task(
        task_id=derived_id(due.text_id, f"task/{PROPOSAL_GONE}"),
        site_id=due.site_id,
        reason=PROPOSAL_GONE,
        opened_at=now,
        text_id=due.text_id,
        appointment_id=due.appointment_id,
        patient_id=due.patient_id,
        start_at=due.start_at,
    )


def task_after(text: Text, now: datetime) -> Task | None:
    """The task that the text's present condition calls for, if any."""
    reason = _BY_STATUS.get(text.status)
    if reason is None and text.reason in _reasons_to_call(text):
        reason = text.reason
    return task_about(text, reason, now) if reason else None


def _reasons_to_call(text: Text) -> frozenset[str]:
    """Whoever has to be asked something is called if she may not be texted; what is only told can be left untold."""
    return REASONS_FOR_A_TASK | {OPTED_OUT, RUN_STOPPED} if text.kind in QUESTIONS else REASONS_FOR_A_TASK


def task_to_read(message_id: str, reason: str, site_id: UUID | None, about: Message | None, now: datetime) -> Task:
    """A person should read that reply; `about`: the message that it answers, where that is plain. One that answers a
    text of several visits is about none of them alone, and ends with none of them; it names whose they all are."""
    task = Task(
        task_id=new_id(),
        site_id=about.site_id if about else site_id,
        reason=reason,
        opened_at=now,
        text_id=about.text_id if about else None,
        message_id=message_id,
        start_at=about.start_at if about else None,
    )
    if about is None:
        return task
    patient_ids = {it.patient_id for it in (about, *about.told_with)}
    return replace(
        task,
        appointment_id=None if about.told_with else about.appointment_id,
        patient_id=about.patient_id if len(patient_ids) == 1 else None,
    )
