"""What a carrier says of a number for good: no text will ever reach it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.texts import FAILED, NUMBER_INVALID, NUMBER_NOT_FOR_TEXTS, REFUSED

# By the reason of the text that failed. Whatever else is wrong is the text's alone, or may be another time.
_FOR_GOOD: Mapping[str | None, str] = {
    "invalid-number": NUMBER_INVALID,
    "unknown-number": NUMBER_INVALID,
    "not-a-mobile-number": NUMBER_NOT_FOR_TEXTS,
}


@dataclass(frozen=True, kw_only=True)
class NumberFailure:
    """Why texts to the number are not sent any more, since when, and when the text went that showed it."""

    number: str
    reason: str
    failed_at: datetime
    sent_at: datetime


def is_for_good(reason: str | None) -> bool:
    """Whether a text that ends for that reason says so of its number."""
    return reason in _FOR_GOOD


def failure_of(
    number: str | None, status: str, reason: str | None, sent_at: datetime | None, now: datetime
) -> NumberFailure | None:
    """What a text to that number that came to this says of the number; None: nothing."""
    why_not = _FOR_GOOD.get(reason) if status in {REFUSED, FAILED} else None
    if number is None or why_not is None:
        return None
    return NumberFailure(number=number, reason=why_not, failed_at=now, sent_at=sent_at or now)
