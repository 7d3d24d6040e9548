"""Free time by day: what of a resource's working time at a site is left, for each local day and lane.

A row holds the working time that begins on its day; where work goes on past midnight, as much of the next day as a
visit may need, so that every visit lies within the row of the day on which it starts. What is taken is kept as far
around it as set-up and clean-up may reach.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.lanes import Booking, busy_lanes
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.working_hours import WorkingHours
from services.scheduling.domain.zones import day_range

# Kept from yesterday (what lies west of here is still in it) for as many days as anybody books ahead.
DAYS_BEFORE = 1
DAYS_AHEAD = 400
# No visit lasts longer, and no set-up or clean-up (appointment_types_*_check).
LONGEST_VISIT = timedelta(hours=12)
LONGEST_AROUND = timedelta(hours=4)
LONGEST_BOOKING = timedelta(days=1)  # bookings_during_check
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A resource at a site: what a day of free time is of."""

    resource_id: UUID
    site_id: UUID


@dataclass(frozen=True, kw_only=True)
class WorkingDay:
    """The working time that begins on one local day, sorted; never empty."""

    on_day: date
    working: tuple[TimeRange, ...]

    @property
    def reach(self) -> TimeRange:
        """Whatever is taken within this counts on the day."""
        return TimeRange(self.working[0].start_at - LONGEST_AROUND, self.working[-1].end_at + LONGEST_AROUND)


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The working days that some of a site's resources have alike, each in so many lanes."""

    resource_ids: tuple[UUID, ...]
    lanes: int
    days: tuple[WorkingDay, ...]


@dataclass(frozen=True, kw_only=True)
class FreeDay:
    """One lane of a working day with what is taken of it, both sorted and disjoint."""

    on_day: date
    lane: int
    lanes: int
    working: tuple[TimeRange, ...]
    taken: tuple[TimeRange, ...] = ()


def kept_days(today: date) -> tuple[date, date]:
    """The first and the last day that are kept on the local day `today`."""
    return today - timedelta(days=DAYS_BEFORE), today + timedelta(days=DAYS_AHEAD)


def working_days(times: Sequence[TimeRange], first: date, last: date, zone: ZoneInfo) -> Iterator[WorkingDay]:
    """The days from `first` to `last` on which work begins. `times`: sorted, until the end of the day after `last`."""
    place = 0
    for day in days_between(first, last):
        whole = day_range(day, zone)  # empty where the zone left the day out
        while place < len(times) and times[place].end_at <= whole.start_at:
            place += 1
        if working := tuple(_beginning(islice(times, place, None), whole)):
            yield WorkingDay(on_day=day, working=working)


def rosters(work: Iterable[WorkingHours], first: date, last: date, zone: ZoneInfo) -> list[Roster]:
    """The working days from `first` to `last` of resources at one site, reckoned once for all that work alike: of a
    hundred rooms that are open all day there is one."""
    alike: dict[WorkingHours, list[UUID]] = defaultdict(list)
    for hours in work:
        alike[replace(hours, practitioner_id=hours.site_id, version=0)].append(hours.practitioner_id)
    return [
        Roster(
            resource_ids=tuple(resource_ids),
            lanes=hours.lanes,
            days=tuple(working_days(hours.times(first, last + _ONE_DAY, zone), first, last, zone)),
        )
        for hours, resource_ids in alike.items()
    ]


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, with both."""
    while first <= last:
        yield first
        first += _ONE_DAY


def _beginning(times: Iterable[TimeRange], day: TimeRange) -> Iterator[TimeRange]:
    reach = TimeRange(day.start_at, day.end_at + LONGEST_VISIT)
    for time in times:
        if time.start_at >= day.end_at or not day.length:
            return
        if (inside := time.within(reach)) is not None:
            yield inside


def free_days(days: Iterable[WorkingDay], taken: Iterable[Booking], site_id: UUID, lanes: int) -> Iterator[FreeDay]:
    """What the rows of a place must be: the slow, plain computation, from all that is taken of the resource."""
    bookings = sorted(taken, key=_start)
    for day in days:
        first = bisect_left(bookings, day.reach.start_at - LONGEST_BOOKING, key=_start)
        last = bisect_left(bookings, day.reach.end_at, key=_start)
        near = [each for each in bookings[first:last] if each.during.overlaps(day.reach)]
        for lane, busy in enumerate(busy_lanes(near, site_id, lanes), start=1):
            yield FreeDay(on_day=day.on_day, lane=lane, lanes=lanes, working=day.working, taken=tuple(busy))


def _start(booking: Booking) -> datetime:
    return booking.during.start_at
