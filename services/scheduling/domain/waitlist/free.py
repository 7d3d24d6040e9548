"""What is free of one practitioner at one site, with all else that a visit needs, for those who wait: as a search."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.errors import PractitionerDoesNotFit
from services.scheduling.domain.lanes import free_lane
from services.scheduling.domain.needs import needs_beside
from services.scheduling.domain.search import DayOf, FoundTime, Offering, OtherDay, windows
from services.scheduling.domain.time_range import TimeRange, merged
from services.scheduling.domain.waitlist.matching import Claim, Waiting
from services.scheduling.domain.zones import local_day

D = TypeVar("D", bound=DayOf)
# A visit that takes any of a day begins on it or the day before, by the site's clock or by UTC.
_NEAR = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A practitioner at a site: whose time is offered, and where."""

    practitioner_id: UUID
    kind: str | None
    site_id: UUID
    zone: ZoneInfo


@dataclass(frozen=True, kw_only=True)
class FreeOf:
    """The free times that take anything of `during`, none that starts before `now`.

    `days` are the practitioner's at that site and `others` those of all that may be needed beside, of every local day
    from `local_days`. `claimed` is held for nobody and yet not to be offered once more.
    """

    desk: Desk
    days: Sequence[DayOf]
    others: Sequence[OtherDay]
    during: TimeRange
    now: datetime
    claimed: Sequence[Claim] = ()

    def times(self, one: Waiting, given: Sequence[Claim]) -> Iterator[FoundTime]:
        """What is free for him where `given` is taken too, in order."""
        claims = (*self.claimed, *given)
        days, others = left(self.days, claims), left(self.others, claims)
        for first, last, kind in one.kind.spells(*local_days(self.during, self.desk.zone)):
            try:
                needs = needs_beside(kind.needs, self.desk.kind)
            except PractitionerDoesNotFit:
                continue
            window = list(windows(first, last, self.desk.zone, one.entry.wish.weekdays or (), one.entry.wish.hours))
            on = {each.on_day for each in window}
            extent = one.extent_of(kind)
            offering = Offering(extent, needs, window, others)
            for time in offering.times([day for day in days if day.on_day in on]):
                if time.start_at >= self.now and extent.occupied(time.start_at).overlaps(self.during):
                    yield time


def local_days(during: TimeRange, zone: ZoneInfo) -> tuple[date, date]:
    """The days on which a visit may begin that takes any of that time."""
    return local_day(during.start_at, zone) - timedelta(days=1), local_day(during.end_at, zone) + timedelta(days=1)


def left(days: Sequence[D], claims: Sequence[Claim]) -> list[D]:
    """The days as they are where what is claimed is taken too, each on the lowest lane that is free."""
    known = {(day.resource_id, day.site_id, day.on_day, day.lane): day for day in days}
    if claims:
        lanes: dict[UUID, dict[tuple[UUID, date], list[int]]] = defaultdict(lambda: defaultdict(list))
        for resource_id, site_id, on_day, lane in sorted(known):
            lanes[resource_id][site_id, on_day].append(lane)
        for claim in claims:
            for one in claim.resource_ids:
                for (site_id, on_day), of in lanes[one].items():
                    if _is_near(on_day, claim):
                        _take(known, [(one, site_id, on_day, lane) for lane in of], claim.during)
    return list(known.values())


def _is_near(on_day: date, claim: Claim) -> bool:
    return claim.during.start_at.date() - _NEAR <= on_day <= claim.during.end_at.date() + _NEAR


def _take(
    known: dict[tuple[UUID, UUID, date, int], D], lanes: list[tuple[UUID, UUID, date, int]], during: TimeRange
) -> None:
    place = free_lane(during, [known[lane].taken for lane in lanes])
    if place is not None:
        day = known[lanes[place - 1]]
        known[lanes[place - 1]] = replace(day, taken=merged([*day.taken, during]))
