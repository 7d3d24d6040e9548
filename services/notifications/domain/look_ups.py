"""What the carrier's own list says of a text whose fate nobody knows. All times are real."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notifications.domain.texts import ACCEPTED, NOT_TAKEN, Outcome, Text

# A carrier's clock may be wrong by so much.
_SKEW = timedelta(minutes=2)
_FIRST_PAUSE_S = 15.0
_LONGEST_PAUSE_S = 3600.0
_LOOK_FOR = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message to the number, as the carrier lists it. `created_at` None: it could not be read, and may be any."""

    sid: str
    body_hash: str
    created_at: datetime | None
    status: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The carrier's messages from our number to the patient's. Only a complete list can show that one is not there."""

    messages: Sequence[Message]
    complete: bool


def claimed_at(text: Text, claim_lasts: timedelta) -> datetime:
    """When the text was claimed, in real time."""
    assert text.claim_ends_at is not None  # noqa: S101  # set by the claim
    return text.claim_ends_at - claim_lasts


def outcome_of(
    text: Text, listing: Listing, claimed: datetime, others: Collection[str], *, twins: bool, settled: bool
) -> Outcome | None:
    """What became of the text, or None where the list does not say.

    `others` are the ids of messages that are known to be other texts; with `twins` another text of the same words to
    the same number is open too, and nobody can tell which is which. `settled`: so long ago that whatever the carrier
    took stands in its list. Absence is proof only then, and only where no message in a complete list could be it.
    """
    possible = [it for it in listing.messages if it.sid not in others and _may_be(it, claimed - _SKEW)]
    alike = [it for it in possible if it.body_hash == text.body_hash]
    if alike and not twins:
        found = min(alike, key=lambda it: it.created_at or claimed)
        return Outcome(status=found.status or ACCEPTED, sid=found.sid, reason=found.reason)
    if possible or twins or not (listing.complete and settled):
        return None
    return Outcome(status=NOT_TAKEN, reason="not-at-carrier")


def next_look(looks: int, claimed: datetime, real_now: datetime) -> datetime | None:
    """When to look again; None after a day: then a person alone settles it."""
    at = real_now + timedelta(seconds=min(_FIRST_PAUSE_S * 2.0 ** min(looks, 20), _LONGEST_PAUSE_S))
    return at if at < claimed + _LOOK_FOR else None


def _may_be(message: Message, since: datetime) -> bool:
    return message.created_at is None or message.created_at >= since
