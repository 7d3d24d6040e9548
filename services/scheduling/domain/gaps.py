"""What of a resource's working time at a site is left, by local day and lane."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.scheduling.domain.lanes import Booking, busy_lanes
from services.scheduling.domain.market import Gap
from services.scheduling.domain.resources import NeedKind
from services.scheduling.domain.spans import days
from services.scheduling.domain.time_range import TimeRange, without
from services.scheduling.domain.working_hours import WorkingHours
from services.scheduling.domain.zones import day_range, zone_of

# No visit lasts longer (appointment_types_minutes_check): so far past its day the time of a day reaches.
LONGEST_VISIT = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class Bookable:
    """A resource at a site: what it is, when it works and what is taken of it anywhere."""

    resource_id: UUID
    kind: NeedKind
    type: str | None
    zone: str
    hours: WorkingHours
    taken: Sequence[Booking] = ()


def gaps_of(resource: Bookable, first: date, last: date) -> Iterator[Gap]:
    """The free time that begins on local days `first` to `last`; where it goes on past midnight, as much of it as a
    visit may need."""
    zone, hours = zone_of(resource.zone), resource.hours
    working = hours.times(first, last + timedelta(days=1), zone)
    for busy in busy_lanes(resource.taken, hours.site_id, hours.lanes):
        free = without(working, busy)
        for day in days(first, last):
            whole = day_range(day, zone)
            reach = TimeRange(whole.start_at, whole.end_at + LONGEST_VISIT)
            for during in _beginning(free, whole, reach):
                yield Gap(
                    resource_id=resource.resource_id,
                    kind=resource.kind,
                    type=resource.type,
                    site_id=hours.site_id,
                    zone=resource.zone,
                    on_day=day,
                    during=during,
                )


def _beginning(free: Iterable[TimeRange], day: TimeRange, reach: TimeRange) -> Iterator[TimeRange]:
    for time in free:
        if time.start_at >= day.end_at:
            return
        if time.end_at > day.start_at and (inside := time.within(reach)) is not None:
            yield inside
