"""Booked visits that no longer lie in working time: somebody has to find them another time."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.working_hours import WorkingHours
from services.scheduling.domain.zones import local_day


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A booked visit and what it takes: of the stranded ones, what of it does not work then any more."""

    appointment_id: UUID
    site_id: UUID
    practitioner_id: UUID
    patient_id: UUID
    resource_ids: tuple[UUID, ...]
    during: TimeRange


def stranded(visits: Sequence[Visit], hours: Mapping[UUID, WorkingHours], zone: ZoneInfo) -> list[Visit]:
    """Those in which something does not work, in order. Who has no hours at the site does not work there."""
    if not visits:
        return []
    first = local_day(min(it.during.start_at for it in visits), zone)
    last = local_day(max(it.during.end_at for it in visits), zone)
    wanted = {resource_id for visit in visits for resource_id in visit.resource_ids}
    working = {it: hours[it].times(first, last, zone) if it in hours else [] for it in wanted}
    found = (
        replace(visit, resource_ids=tuple(it for it in visit.resource_ids if not _holds(working[it], visit.during)))
        for visit in visits
    )
    return [visit for visit in found if visit.resource_ids]


def one_a_visit(rows: Iterable[Visit]) -> list[Visit]:
    """Rows of one resource each, those of a visit side by side, as one visit with all of its resources."""
    return [
        replace(first, resource_ids=(*first.resource_ids, *(it for each in others for it in each.resource_ids)))
        for _, (first, *others) in groupby(rows, key=attrgetter("appointment_id"))
    ]


def _holds(working: Sequence[TimeRange], during: TimeRange) -> bool:
    place = bisect_right(working, during.start_at, key=attrgetter("start_at")) - 1
    return place >= 0 and working[place].holds(during)
