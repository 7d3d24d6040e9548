"""Which days of the source come, and when they lie in the book."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cli.imports.synthea.encounters import Candidate
from cli.imports.synthea.plan import Window

_WEEK = timedelta(weeks=1)
_DAY = timedelta(days=1)


def densest(candidates: Sequence[Candidate], weeks: int) -> Window:
    """The `weeks` weeks with the most encounters; of equal ones the latest."""
    if not candidates:
        return whole(candidates)
    days = sorted(each.day for each in candidates)
    first = max(days, key=lambda day: (bisect_left(days, day + weeks * _WEEK) - bisect_left(days, day), day))
    return Window(first=first, last=first + weeks * _WEEK - _DAY)


def whole(candidates: Sequence[Candidate]) -> Window:
    """From the first day to the last one; all of time for none."""
    days = [each.day for each in candidates]
    return Window(first=min(days), last=max(days)) if days else Window(first=date.min, last=date.max)


def weeks_before(candidates: Sequence[Candidate], today: date) -> int:
    """By how many whole weeks all of them can be moved, so that the last ends before `today`; 0 for none."""
    if not candidates:
        return 0
    last = max(each.last_day for each in candidates)
    return (today - _DAY - last) // _WEEK


def moved(instant: datetime, weeks: int, zone: ZoneInfo) -> datetime | None:
    """The same weekday and wall-clock time `weeks` later, in UTC; None where a spring change skips that time."""
    wanted = instant.astimezone(zone).replace(tzinfo=None) + weeks * _WEEK
    found = wanted.replace(tzinfo=zone).astimezone(UTC)
    return found if found.astimezone(zone).replace(tzinfo=None) == wanted else None
