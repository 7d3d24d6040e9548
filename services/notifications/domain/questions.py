"""Which message a reply answers: the last one to its number, if nothing else is open that it might mean."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.domain.asks import RESCHEDULE_PROPOSAL, WAITLIST_OFFER
from services.notifications.domain.occasions import REMINDER
from services.notifications.domain.visits import BOOKED, RESCHEDULED
from services.notifications.domain.wording import digest

# What a yes would be said to.
APPOINTMENT = "appointment"
RESCHEDULE = "reschedule"
_ASKS = {
    BOOKED: APPOINTMENT,
    RESCHEDULED: APPOINTMENT,
    REMINDER: APPOINTMENT,
    WAITLIST_OFFER: WAITLIST_OFFER,
    RESCHEDULE_PROPOSAL: RESCHEDULE,
}

# Nobody answers what was said before that; a reply then is a person's to read.
ANSWERABLE_FOR = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Message:
    """A text that went, or may have gone, to the number.

    `holds`: what it says is still so, and still to come. `confirmed`: a reply said yes to it. `gone`: it does not hold
    any more since the time went to another, or nobody answered. `appointment_id` is the visit that a yes would confirm
    or move, None where there is none; `asked_id` what is asked about, where that is no visit, and `place_id` the site
    of the time that is proposed. `went`: the carrier has it; otherwise it may never have come. What has the same
    `attempt_id` was told in one text: this is then the first of them that holds, and the others are `told_with`.
    """

    text_id: UUID
    kind: str
    appointment_id: UUID | None
    patient_id: UUID
    site_id: UUID
    start_at: datetime
    body_hash: str | None
    holds: bool
    confirmed: bool
    asked_id: UUID | None = None
    gone: bool = False
    place_id: UUID | None = None
    went: bool = True
    attempt_id: UUID | None = None
    told_with: tuple["Message", ...] = ()

    @property
    def asks(self) -> str | None:
        """What a yes to it would be said to; None where it asks nothing."""
        return _ASKS.get(self.kind)

    @property
    def holding(self) -> list["Message"]:
        """What a yes to it would be said to, one by one."""
        return [it for it in (self, *self.told_with) if it.asks and it.holds]

    @property
    def subject(self) -> UUID | None:
        """One question is open about each: whoever says yes to an earlier time says it about the later visit too."""
        return self.appointment_id or self.asked_id

    @property
    def about(self) -> frozenset[UUID | None]:
        """The subjects of all that it tells."""
        return frozenset(it.subject for it in (self, *self.told_with))

    @property
    def question(self) -> frozenset[tuple[object, ...]]:
        """What a yes would bring about: that of two texts with the same question is the same."""
        return frozenset(
            (it.asks, it.asked_id, it.appointment_id, it.start_at, it.place_id or it.site_id)
            for it in (self, *self.told_with)
        )


def in_one_text(messages: Iterable[Message]) -> list[Message]:
    """What was told together as one message, in their order."""
    texts: dict[UUID, list[Message]] = {}
    for it in messages:
        texts.setdefault(it.attempt_id or it.text_id, []).append(it)
    return [_together(each) for each in texts.values()]


def _together(told: Sequence[Message]) -> Message:
    first, *others = sorted(told, key=lambda it: (not it.holds, it.start_at))
    return replace(first, told_with=tuple(others))


def answered_by(messages: Sequence[Message], quote: str | None) -> Message | None:
    """The one message that a reply answers, or None where that is not plain. `messages`: the newest first.

    A message that came back with the reply says it itself. Otherwise it is the last one, and only where no other
    visit waits for an answer: three children on one phone are three questions, and "YES" is an answer to none of them,
    unless the last text told of all three. Nor is it plain where the last one may never have come, and what was asked
    before it was something else.
    """
    if quote is not None:
        same = [it for it in messages if it.holding and it.body_hash == digest(quote)]
        return same[0] if len({it.about for it in same}) == 1 else None
    if not messages or not (messages[0].asks and (messages[0].holds or messages[0].gone)):
        return None
    if len({it.question for it in _read_last(messages)}) > 1:
        return None
    is_open = {one.subject for it in messages for one in it.holding if not one.confirmed}
    return messages[0] if is_open <= messages[0].about else None


def _read_last(messages: Sequence[Message]) -> Iterator[Message]:
    """The questions of which one is the last that came: as far back as the last that certainly went."""
    for it in messages:
        if it.asks:
            yield it
            if it.went:
                return
