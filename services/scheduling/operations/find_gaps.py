"""The free time of all that works or stands at a site, as it is in this transaction."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from services.scheduling.domain.gaps import Bookable, gaps_of
from services.scheduling.domain.market import Gap
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.operations.ports import Unit

_ANY_ZONE = timedelta(days=1)


def find_gaps(site_id: UUID, zone: str, during: TimeRange, uow: Unit) -> list[Gap]:
    """All that is free during that time, and around it."""
    # A local day may begin a day before, or end a day after, the same day in UTC.
    first, last = during.start_at.date() - _ANY_ZONE, during.end_at.date() + _ANY_ZONE
    return [
        gap
        for resource in _bookable(site_id, zone, during, uow)
        for gap in gaps_of(resource, first, last)
        if gap.during.end_at > during.start_at
    ]


def _bookable(site_id: UUID, zone: str, during: TimeRange, uow: Unit) -> Iterator[Bookable]:
    hours = uow.schedules.hours_at(site_id, during.start_at)
    kinds = uow.reschedules.kinds_of(sorted(hours))
    taken = uow.reschedules.taken(sorted(hours), during)
    for resource_id, (kind, type_) in kinds.items():
        yield Bookable(
            resource_id=resource_id,
            kind=kind,
            type=type_,
            zone=zone,
            hours=hours[resource_id],
            taken=taken.get(resource_id, ()),
        )
