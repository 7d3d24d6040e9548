"""Finding time: who could see the patient when, with all that the visit needs, earliest first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.free_days import LONGEST_VISIT, days_between
from services.scheduling.domain.needs import Of, assigned, fits
from services.scheduling.domain.places import AppointmentType
from services.scheduling.domain.resources import Need
from services.scheduling.domain.starts import Extent, Span, common, offers, possible_starts
from services.scheduling.domain.time_range import TimeRange, merged
from services.scheduling.domain.zones import day_range, instants_of

Key = tuple[datetime, UUID, UUID]


@dataclass(frozen=True, kw_only=True)
class DayOf:
    """One lane of a resource's day: when it works and what is taken, both sorted and disjoint."""

    resource_id: UUID
    site_id: UUID
    on_day: date
    lane: int
    working: Sequence[TimeRange]
    taken: Sequence[TimeRange]


@dataclass(frozen=True, kw_only=True)
class OtherDay(DayOf):
    """The same of what a visit needs beside its practitioner."""

    kind: str
    type: str | None


@dataclass(frozen=True, kw_only=True)
class SiteOfSearch:
    """What a search knows of a site."""

    site_id: UUID
    zone: str
    zip: str | None


@dataclass(frozen=True, kw_only=True)
class Window:
    """Where on a local day a visit may lie; it starts before the day is over."""

    on_day: date
    within: tuple[TimeRange, ...]
    until_at: datetime


@dataclass(frozen=True, kw_only=True)
class FoundTime:
    """A time that can be offered, with what else is free for it."""

    start_at: datetime
    end_at: datetime
    site_id: UUID
    practitioner_id: UUID
    resource_ids: tuple[UUID, ...] = ()

    @property
    def key(self) -> Key:
        """The order of answers: the earliest first."""
        return self.start_at, self.practitioner_id, self.site_id


@dataclass(frozen=True)
class Answer:
    """A time that was found, where the wall clock shows what, and how far from the patient that is."""

    time: FoundTime
    zone: str
    miles: float | None = None


def extent_of(kind: AppointmentType) -> Extent:
    """What a visit of that type takes."""
    return Extent(
        length=kind.length,
        before=timedelta(minutes=kind.set_up_minutes),
        after=timedelta(minutes=kind.clean_up_minutes),
    )


def windows(
    first: date, last: date, zone: ZoneInfo, weekdays: Sequence[int] = (), hours: Sequence[tuple[int, int]] = ()
) -> Iterator[Window]:
    """The days from `first` to `last` (ISO weekdays, minutes from midnight; none: all of them) as instants."""
    for day in days_between(first, last):
        whole = day_range(day, zone)
        if not whole.length or (weekdays and day.isoweekday() not in weekdays):
            continue
        if hours:
            parts = [instants_of(day, _minutes(starts), _minutes(ends), zone) for starts, ends in hours]
            within = tuple(merged(each for part in parts for each in part))
        else:
            within = (TimeRange(whole.start_at, whole.end_at + LONGEST_VISIT),)
        if within:
            yield Window(on_day=day, within=within, until_at=whole.end_at)


class Offering:
    """Times from candidates' days, with the days of what else is needed."""

    def __init__(self, extent: Extent, needs: Sequence[Need], window: Iterable[Window], others: Iterable[OtherDay]):
        self._extent = extent
        self._needs = needs
        self._windows = {each.on_day: each for each in window}
        self._others: dict[tuple[UUID, date], list[OtherDay]] = defaultdict(list)
        for other in others:
            self._others[other.site_id, other.on_day].append(other)

    def times(self, days: Iterable[DayOf]) -> Iterator[FoundTime]:
        """All that can be offered on those days, in the order of its keys."""
        lanes: dict[tuple[UUID, UUID, date], list[DayOf]] = defaultdict(list)
        for day in days:
            lanes[day.resource_id, day.site_id, day.on_day].append(day)
        return merge(*(self._of(*whose, each) for whose, each in lanes.items()), key=lambda found: found.key)

    def _of(self, practitioner_id: UUID, site_id: UUID, day: date, lanes: Sequence[DayOf]) -> Iterator[FoundTime]:
        window = self._windows[day]
        mine = common([self._starts(lane, window) for lane in lanes], 1)
        others = _Others(self._others[site_id, day], self._extent, self._needs, practitioner_id)
        for start_at in offers(others.limit(mine), self._extent):
            if start_at >= window.until_at:
                return
            if (resource_ids := others.free_at(start_at)) is not None:
                visit = self._extent.visit(start_at)
                yield FoundTime(
                    start_at=visit.start_at,
                    end_at=visit.end_at,
                    site_id=site_id,
                    practitioner_id=practitioner_id,
                    resource_ids=resource_ids,
                )

    def _starts(self, lane: DayOf, window: Window) -> list[Span]:
        working = [part for work in lane.working for each in window.within if (part := work.within(each)) is not None]
        return possible_starts(working, lane.taken, self._extent)


class _Others:
    """What else one site has on one day for a visit: by resource, when it may start."""

    def __init__(self, days: Iterable[OtherDay], extent: Extent, needs: Sequence[Need], but: UUID):
        self._needs = needs
        lanes: dict[UUID, list[list[Span]]] = defaultdict(list)
        self._is: dict[UUID, Of] = {}
        for day in days:
            if day.resource_id != but and needs:
                lanes[day.resource_id].append(possible_starts(day.working, day.taken, extent))
                self._is[day.resource_id] = day.kind, day.type
        self._starts = {resource_id: common(spans, 1) for resource_id, spans in lanes.items()}

    def limit(self, spans: list[Span]) -> list[Span]:
        """The spans in which there are as many free as are needed of each kind and type."""
        for need in set(self._needs):
            fitting = [spans for whose, spans in self._starts.items() if fits(self._is[whose], need)]
            spans = common([spans, common(fitting, self._needs.count(need))], 2)
        return spans

    def free_at(self, start_at: datetime) -> tuple[UUID, ...] | None:
        """One free resource for each need, each for one alone; None where there are not enough."""
        free = [whose for whose, spans in self._starts.items() if any(_holds(span, start_at) for span in spans)]
        return assigned(self._needs, {one: self._is[one] for one in free})


def _holds(span: Span, start_at: datetime) -> bool:
    return span.first_at <= start_at <= span.last_at


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)
