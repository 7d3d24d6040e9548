"""The free times near one that cannot be had, from what all that the visit needs has taken of it then.

Free time by day is not read here: what other dates of a series are about to take or to leave does not stand in it yet.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.scheduling.domain.free_days import LONGEST_AROUND, LONGEST_VISIT, free_days, working_days
from services.scheduling.domain.lanes import Booking
from services.scheduling.domain.schedule import Schedule, Today
from services.scheduling.domain.search import DayOf, Offering, OtherDay, windows
from services.scheduling.domain.starts import Extent
from services.scheduling.domain.taking import Wish
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.working_hours import WorkingHours
from services.scheduling.domain.zones import day_range, local_day

# So many free times are proposed, the nearest, of the days around.
PROPOSALS = 5
DAYS_BEFORE, DAYS_AFTER = 2, 6
_ONE_DAY = timedelta(days=1)
_NEVER = datetime.max.replace(tzinfo=UTC)

Hours = Mapping[UUID, WorkingHours]


def wish_around(wish: Wish, schedule: Schedule) -> Wish:
    """A wish that takes all of the days whose times are proposed, and as much around them as counts on them."""
    zone = schedule.site.zone_info
    first, last = _days_around(wish, schedule)
    from_at = day_range(first, zone).start_at - LONGEST_AROUND
    until_at = day_range(last, zone).end_at + LONGEST_VISIT + LONGEST_AROUND
    whole = Extent(
        length=wish.extent.length,
        before=wish.start_at - from_at,
        after=until_at - wish.extent.visit(wish.start_at).end_at,
    )
    return Wish(start_at=wish.start_at, extent=whole)


def nearest_free_times(schedule: Schedule, hours_of: Hours, wish: Wish, today: Today) -> list[TimeRange]:
    """Those that lie nearest, in order; none before now, nor nearer or farther than the type is given out.

    `schedule` must hold what is taken of all while `wish_around`, and `hours_of` when the others may be had.
    """
    first, last = _days_around(wish, schedule)
    mine = [DayOf(**each) for each in _days(schedule, schedule.hours, schedule.taken, first, last)]
    others = [
        OtherDay(**day, kind=each.kind, type=each.type)
        for each in schedule.others or ()
        if (hours := hours_of.get(each.resource_id)) is not None
        for day in _days(schedule, hours, each.taken, first, last)
    ]
    window = windows(first, last, schedule.site.zone_info)
    offering = Offering(wish.extent, schedule.needs, window, others)
    earliest, latest = _given_out(schedule, today)
    found = [TimeRange(it.start_at, it.end_at) for it in offering.times(mine) if earliest <= it.start_at <= latest]
    nearest = sorted(found, key=lambda time: (abs(time.start_at - wish.start_at), time.start_at))
    return sorted(nearest[:PROPOSALS])


def _days_around(wish: Wish, schedule: Schedule) -> tuple[date, date]:
    on = local_day(wish.start_at, schedule.site.zone_info)
    return on - timedelta(days=DAYS_BEFORE), on + timedelta(days=DAYS_AFTER)


def _days(
    schedule: Schedule, hours: WorkingHours, taken: Iterable[Booking], first: date, last: date
) -> Iterator[dict[str, Any]]:
    """Each lane of each day of a resource, as a search knows it."""
    zone, site_id = schedule.site.zone_info, schedule.site.site_id
    working = working_days(hours.times(first, last + _ONE_DAY, zone), first, last, zone)
    for day in free_days(working, taken, site_id, hours.lanes):
        told = {name: getattr(day, name) for name in ("on_day", "lane", "working", "taken")}
        yield {"resource_id": hours.practitioner_id, "site_id": site_id, **told}


def _given_out(schedule: Schedule, today: Today) -> tuple[datetime, datetime]:
    """The first and the last start that the asker may give."""
    kind = schedule.kind
    if today.may_break_rules:
        return today.now, _NEVER
    horizon = kind.horizon_days
    latest = _NEVER if horizon is None else today.now + timedelta(days=horizon)
    return today.now + timedelta(minutes=kind.notice_minutes), latest
