"""Free time by local day and site, which shrinks as times of it are proposed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from services.scheduling.domain.resources import Need, NeedKind
from services.scheduling.domain.time_range import TimeRange

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Free time of a resource at a site that begins on a local day. `type`: what needs ask for.

    `beside` are other resources that are free during all of it.
    """

    resource_id: UUID
    kind: NeedKind
    type: str | None
    site_id: UUID
    zone: str
    on_day: date
    during: TimeRange
    beside: tuple[UUID, ...] = ()

    def fits(self, need: Need) -> bool:
        """Whether the resource is what is needed."""
        return self.kind == need.kind and need.type in (None, self.type)


OfSite = Callable[[UUID], Iterable[Gap]]


class Market:
    """Nobody is proposed what was taken out, on whatever lane of a resource.

    The free time of a site (`of_site`) is asked for when somebody looks there first: most never look beyond their own.
    """

    def __init__(self, of_site: OfSite) -> None:
        self._of_site = of_site
        self._known: set[UUID] = set()
        self._days: dict[date, dict[UUID, list[Gap]]] = defaultdict(lambda: defaultdict(list))
        self._taken: list[tuple[Sequence[UUID], TimeRange]] = []

    def of_practitioners(self, site_id: UUID, day: date, needs: Sequence[Need]) -> Iterator[Gap]:
        """Practitioners' free time there, where all that is needed beside them is free too."""
        self._look_at(site_id)
        gaps = self._days[day][site_id] if day in self._days else ()
        for gap in gaps:
            if gap.kind == "practitioner":
                yield from _with_all(gap, gaps, needs)

    def take(self, resource_ids: Sequence[UUID], whole: TimeRange) -> None:
        """That time of these resources is gone."""
        self._taken.append((resource_ids, whole))
        self._take(resource_ids, whole, self._known)

    def _look_at(self, site_id: UUID) -> None:
        if site_id in self._known:
            return
        self._known.add(site_id)
        whose = set()
        for gap in self._of_site(site_id):
            self._days[gap.on_day][site_id].append(gap)
            whose.add(gap.resource_id)
        for resource_ids, whole in self._taken:
            if not whose.isdisjoint(resource_ids):
                self._take(resource_ids, whole, {site_id})

    def _take(self, resource_ids: Sequence[UUID], whole: TimeRange, site_ids: set[UUID]) -> None:
        first = whole.start_at.date()
        for day in (first - _ONE_DAY, first, first + _ONE_DAY, whole.end_at.date() + _ONE_DAY):
            for site_id, gaps in self._days[day].items() if day in self._days else ():
                if site_id in site_ids and any(_is_of(gap, resource_ids, whole) for gap in gaps):
                    self._days[day][site_id] = [part for gap in gaps for part in without(gap, whole, resource_ids)]


def without(gap: Gap, gone: TimeRange, resource_ids: Sequence[UUID]) -> Iterator[Gap]:
    """What is left of the gap, where it is of one of these resources."""
    if not _is_of(gap, resource_ids, gone):
        yield gap
        return
    if gap.during.start_at < gone.start_at:
        yield replace(gap, during=TimeRange(gap.during.start_at, gone.start_at))
    if gone.end_at < gap.during.end_at:
        yield replace(gap, during=TimeRange(gone.end_at, gap.during.end_at))


def _is_of(gap: Gap, resource_ids: Sequence[UUID], whole: TimeRange) -> bool:
    return gap.resource_id in resource_ids and gap.during.overlaps(whole)


def _with_all(gap: Gap, gaps: Sequence[Gap], needs: Sequence[Need]) -> Iterator[Gap]:
    if not needs:
        yield gap
        return
    for other in gaps:
        is_new = other.resource_id != gap.resource_id and other.resource_id not in gap.beside
        if is_new and other.fits(needs[0]) and (both := gap.during.within(other.during)) is not None:
            yield from _with_all(replace(gap, during=both, beside=(*gap.beside, other.resource_id)), gaps, needs[1:])
