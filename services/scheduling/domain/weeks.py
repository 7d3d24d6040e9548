"""A plain week: stretches of weekdays by the wall clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.scheduling.domain.errors import ImpossibleHours
from services.scheduling.domain.spans import MINUTES_OF_DAY


@dataclass(frozen=True, kw_only=True, order=True)
class WeeklyHours:
    """One stretch of a weekday (ISO: 1 is Monday), in minutes from midnight by the site's wall clock, half-open."""

    weekday: int
    starts: int
    ends: int


def checked_week(weekly: Sequence[WeeklyHours], field: str = "weekly") -> tuple[WeeklyHours, ...]:
    """The week in order. Raises ImpossibleHours where a stretch is empty or two overlap."""
    ordered = tuple(sorted(weekly))
    if any(not 0 <= each.starts < each.ends <= MINUTES_OF_DAY for each in ordered):
        raise ImpossibleHours("each stretch must end after it starts, at 24:00 at the latest", field)
    if any(a.weekday == b.weekday and b.starts < a.ends for a, b in pairwise(ordered)):
        raise ImpossibleHours("two stretches of one day overlap", field)
    return ordered
