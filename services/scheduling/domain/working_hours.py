"""When a practitioner works at a site: weekly wall-clock hours, and how many patients at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.errors import ImpossibleHours
from services.scheduling.domain.time_range import TimeRange, merged
from services.scheduling.domain.zones import instants_of, local_day

_ONE_DAY = timedelta(days=1)
MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True, kw_only=True, order=True)
class WeeklyHours:
    """One stretch of a weekday (ISO: 1 is Monday), in minutes from midnight by the site's wall clock, half-open."""

    weekday: int
    starts: int
    ends: int


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """A practitioner's week at one site. `lanes`: how many appointments may run side by side."""

    practitioner_id: UUID
    site_id: UUID
    lanes: int = 1
    weekly: tuple[WeeklyHours, ...] = ()
    version: int = 0

    def times(self, first: date, last: date, zone: ZoneInfo) -> list[TimeRange]:
        """The working time of the local days `first` to `last`, as sorted ranges that do not touch."""
        return merged(part for day in _days(first, last) for part in self._times_of(day, zone))

    def cover(self, wanted: TimeRange, zone: ZoneInfo) -> bool:
        """Whether the practitioner works here during all of `wanted`, across midnight too."""
        working = self.times(local_day(wanted.start_at, zone) - _ONE_DAY, local_day(wanted.end_at, zone), zone)
        return any(each.holds(wanted) for each in working)

    def _times_of(self, day: date, zone: ZoneInfo) -> Iterator[TimeRange]:
        for hours in self.weekly:
            if hours.weekday == day.isoweekday():
                yield from instants_of(day, timedelta(minutes=hours.starts), timedelta(minutes=hours.ends), zone)


def checked_week(weekly: Sequence[WeeklyHours]) -> tuple[WeeklyHours, ...]:
    """The week in order. Raises ImpossibleHours where a stretch is empty or two overlap."""
    ordered = tuple(sorted(weekly))
    if any(not 0 <= each.starts < each.ends <= MINUTES_OF_DAY for each in ordered):
        raise ImpossibleHours("each stretch must end after it starts, at 24:00 at the latest")
    if any(a.weekday == b.weekday and b.starts < a.ends for a, b in pairwise(ordered)):
        raise ImpossibleHours("two stretches of one day overlap")
    return ordered


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _ONE_DAY
