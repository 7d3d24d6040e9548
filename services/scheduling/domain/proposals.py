"""Which times to propose instead of one that cannot be: ranked, and none to two visits.

The rank of a time is, in this order: the practitioner whom the patient had, the nearer site, the sooner day, the nearer
time of day. There is no grid here either: of a free piece of time that start is taken whose time of day is nearest.
Where the whole site is closed, the last proposal is for another site on the visit's own day, if there is one: the time
of day nearest to the visit's, wherever it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.market import Gap, Market, OfSite, without
from services.scheduling.domain.resources import Need
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.zones import day_range, local_day, start_of_day, zone_of
from shared.events.rescheduling import Proposal

PROPOSALS = 3
# Nobody can be told and be here sooner.
LEAST_NOTICE = timedelta(hours=1)
_ROUNDED_TO = timedelta(minutes=5)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What another time is sought for. `around` is what it takes before its start and after its end.

    `places` are the sites where it may be, the nearest first and its own among them, each with who may see the patient
    there; `needs` are what it takes beside the practitioner. `unwanted` are times that the patient has refused.
    `elsewhere_too`: its own site is closed, whoever works there.
    """

    appointment_id: UUID
    site_id: UUID
    practitioner_id: UUID
    during: TimeRange
    zone: str
    around: tuple[timedelta, timedelta]
    places: Mapping[UUID, frozenset[UUID]]
    not_before: datetime
    due_until: datetime
    needs: tuple[Need, ...] = ()
    unwanted: tuple[Proposal, ...] = ()
    elsewhere_too: bool = False


class Found(NamedTuple):
    """A time that fits, by its rank within one day, and whose it would be."""

    off: timedelta
    start_at: datetime
    practitioner_id: UUID
    gap: Gap


def due_until(start_at: datetime, zone: ZoneInfo, window_days: int) -> datetime:
    """The end of the last local day on which a visit of that start is still of use."""
    return day_range(local_day(start_at, zone) + timedelta(days=window_days), zone).end_at


def earliest(start_at: datetime, zone: ZoneInfo, now: datetime, notice: timedelta) -> datetime:
    """From when on times can be proposed: not before the visit's own day, since it was not due sooner; after the
    notice, at a time that people can name."""
    soonest = now + max(notice, LEAST_NOTICE)
    over = timedelta(minutes=soonest.minute % 5, seconds=soonest.second, microseconds=soonest.microsecond)
    rounded = soonest + (_ROUNDED_TO - over if over else timedelta())
    return max(rounded, start_of_day(local_day(start_at, zone), zone))


def lapses_at(proposals: Sequence[Proposal], notice: timedelta) -> datetime | None:
    """Until when the last of these can be accepted; None where there is none."""
    last = max((proposal.start_at for proposal in proposals), default=None)
    return None if last is None else last - max(notice, LEAST_NOTICE)


def proposed(
    visits: Sequence[Visit], of_site: OfSite, gone: Iterable[Proposal] = (), most: int = PROPOSALS
) -> dict[UUID, tuple[Proposal, ...]]:
    """The proposals of each visit by its appointment's id, the best first; some may have none.

    Everybody's first comes before anybody's second, earlier visits first. `of_site` is the free time at a site; `gone`
    is proposed to others.
    """
    market = Market(of_site)
    for proposal in gone:
        market.take([proposal.practitioner_id], TimeRange(proposal.start_at, proposal.end_at))
    found: dict[UUID, list[Proposal]] = {visit.appointment_id: [] for visit in visits}
    seeking = sorted(visits, key=lambda visit: (visit.during.start_at, visit.appointment_id))
    for number in range(1, most + 1):
        look = _best_or_elsewhere if number == most else _best
        seeking = [visit for visit in seeking if _takes(visit, look(visit, market), market, found)]
    return {appointment_id: tuple(proposals) for appointment_id, proposals in found.items()}


def _takes(visit: Visit, best: Found | None, market: Market, found: dict[UUID, list[Proposal]]) -> bool:
    if best is None:
        return False
    before, after = visit.around
    end_at = best.start_at + visit.during.length
    market.take([best.practitioner_id, *best.gap.beside], TimeRange(best.start_at - before, end_at + after))
    found[visit.appointment_id].append(
        Proposal(
            start_at=best.start_at,
            end_at=end_at,
            practitioner_id=best.practitioner_id,
            site_id=best.gap.site_id,
            zone=best.gap.zone,
        )
    )
    return True


def _best(visit: Visit, market: Market) -> Found | None:
    """The time of the highest rank that is left for the visit."""
    own = frozenset({visit.practitioner_id})
    mine = {site_id: allowed & own for site_id, allowed in visit.places.items()}
    others = {site_id: allowed - own for site_id, allowed in visit.places.items()}
    for places in (mine, others):
        for site_id, allowed in places.items():
            for day in _days(visit) if allowed else ():
                if (best := _best_of(visit, allowed, site_id, day, market)) is not None:
                    return best
    return None


def _best_or_elsewhere(visit: Visit, market: Market) -> Found | None:
    elsewhere = _elsewhere_that_day(visit, market) if visit.elsewhere_too else None
    return elsewhere or _best(visit, market)


def _elsewhere_that_day(visit: Visit, market: Market) -> Found | None:
    """Elsewhere on its own day, the time of day nearest to the visit's; of equally near ones the nearer site's."""
    day = local_day(visit.during.start_at, zone_of(visit.zone))
    nearest: Found | None = None
    for site_id, allowed in visit.places.items():
        if site_id != visit.site_id and allowed and (nearest is None or nearest.off):
            found = _best_of(visit, allowed, site_id, day, market)
            nearest = min(filter(None, (nearest, found)), default=None, key=lambda each: each.off)
    return nearest


def _best_of(visit: Visit, allowed: frozenset[UUID], site_id: UUID, day: date, market: Market) -> Found | None:
    found = _fitting(visit, allowed, market.of_practitioners(site_id, day, visit.needs))
    return min(found, default=None, key=lambda each: each[:3])


def _fitting(visit: Visit, allowed: frozenset[UUID], gaps: Iterable[Gap]) -> Iterator[Found]:
    for gap in gaps:
        if gap.resource_id in allowed:
            for part in _wanted_parts(gap, visit.unwanted):
                if (start_at := nearest_start(part, visit)) is not None:
                    off = abs(start_at - _same_time(visit, gap))
                    yield Found(off, start_at, gap.resource_id, part)


def nearest_start(gap: Gap, visit: Visit) -> datetime | None:
    """The start in that gap, on its day, whose time of day is nearest to the visit's; None where it does not fit."""
    before, after = visit.around
    first = max(gap.during.start_at + before, visit.not_before)
    last = min(gap.during.end_at - after, visit.due_until) - visit.during.length
    if first > last:
        return None
    day = _whole_day(gap.on_day, gap.zone)
    start_at = min(max(first, day.start_at, _same_time(visit, gap)), last)
    return start_at if day.start_at <= start_at < day.end_at else None


def _same_time(visit: Visit, gap: Gap) -> datetime:
    """The instant of the gap's day at which the wall clock shows what it showed at the visit's start."""
    return _at_that_time(visit.during.start_at, visit.zone, gap.on_day, gap.zone)


@lru_cache(maxsize=16384)
def _at_that_time(start_at: datetime, own_zone: str, day: date, zone: str) -> datetime:
    clock: time = start_at.astimezone(zone_of(own_zone)).time()
    return datetime.combine(day, clock, zone_of(zone)).astimezone(UTC)


@lru_cache(maxsize=1024)
def _whole_day(day: date, zone: str) -> TimeRange:
    return day_range(day, zone_of(zone))


def _days(visit: Visit) -> Iterator[date]:
    zone = zone_of(visit.zone)
    # A day's grace: at another site it may be another day.
    day, last = local_day(visit.not_before, zone) - _ONE_DAY, local_day(visit.due_until, zone) + _ONE_DAY
    while day <= last:
        yield day
        day += _ONE_DAY


def _wanted_parts(gap: Gap, unwanted: Sequence[Proposal]) -> list[Gap]:
    """What is left of the gap without what the patient refused."""
    parts = [gap]
    for each in unwanted:
        refused = TimeRange(each.start_at, each.end_at)
        parts = [left for part in parts for left in without(part, refused, [each.practitioner_id])]
    return parts
