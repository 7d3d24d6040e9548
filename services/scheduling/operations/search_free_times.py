"""The first times that are free for all that an appointment of a type needs. Nothing but free time by day is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, islice, takewhile

from services.scheduling.domain.commands import SearchFreeTimes
from services.scheduling.domain.errors import UnknownZip
from services.scheduling.domain.needs import needs_beside, practitioners_kind
from services.scheduling.domain.places import AppointmentType
from services.scheduling.domain.resources import Need
from services.scheduling.domain.search import (
    Answer,
    DayOf,
    FoundTime,
    Key,
    Offering,
    SiteOfSearch,
    Window,
    extent_of,
    windows,
)
from services.scheduling.domain.zones import local_day, zone_of
from services.scheduling.operations.booking_rules import may_break_rules
from services.scheduling.operations.distances import miles_from
from services.scheduling.operations.ports import Unit, ZipCodes
from shared.clock import Clock
from shared.errors import NotFound

# So many days of practitioners are looked at first; more by this factor while they give too few times.
_FIRST_LOOK = 16
_WIDER = 4
_WIDEST = 100_000


@dataclass(frozen=True)
class Near:
    """A site, and how far from the patient it is where that is known."""

    site: SiteOfSearch
    miles: float | None = None


def search_free_times(question: SearchFreeTimes, uow: Unit, clock: Clock, zips: ZipCodes) -> list[Answer]:
    """The first times in the order that is asked for, one more than its limit where there are as many.

    Raises NotFound (type, practitioner, a site that is not the asker's), UnknownZip.
    """
    kind = uow.places.appointment_type(question.appointment_type_id)
    sites = _near(question, _sites(question, uow), zips)
    if uow.searches.unknown_practitioners(question.practitioner_ids):
        raise NotFound
    where = {near.site.site_id: near for near in sites}
    found: list[FoundTime] = []
    for group in _groups(question, sites):
        enough = question.limit + 1 - (len(found) if question.order == "distance" else 0)
        found += first_times(question, kind, group, enough, uow, clock.now())
    if question.order == "start_at":
        found.sort(key=lambda it: it.key)
    found = found[: question.limit + 1]
    return [Answer(it, where[it.site_id].site.zone, where[it.site_id].miles) for it in found]


def first_times(
    question: SearchFreeTimes,
    kind: AppointmentType,
    sites: Sequence[SiteOfSearch],
    enough: int,
    uow: Unit,
    now: datetime,
    *,
    free_of_rules: bool | None = None,
) -> list[FoundTime]:
    """So many of the first times at sites of one zone; the type is on each day as it is planned to be.

    `free_of_rules`: whether notice and horizon bind; None: as the asker's role says.
    """
    if free_of_rules is None:
        free_of_rules = may_break_rules(uow)
    if enough <= 0 or not sites:
        return []
    found: list[FoundTime] = []
    first = question.from_on or local_day(now, zone_of(sites[0].zone))
    for start, end, as_planned in kind.spells(first, first + timedelta(days=question.days - 1)):
        if as_planned.active and len(found) < enough and (where := _equipped(sites, as_planned, uow)):
            search = Search(question, as_planned, uow, now, days=(start, end), free_of_rules=free_of_rules)
            found += search.first(where, enough - len(found))
    return found


def _equipped(sites: Sequence[SiteOfSearch], kind: AppointmentType, uow: Unit) -> list[SiteOfSearch]:
    known = uow.searches.equipped([site.site_id for site in sites], kind.needs)
    return [site for site in sites if site.site_id in known]


def _sites(question: SearchFreeTimes, uow: Unit) -> list[SiteOfSearch]:
    for site_id in question.site_ids:
        uow.asker.require_site(site_id)
    if not question.site_ids:
        return uow.searches.sites(uow.asker.ordered_sites, question.practitioner_ids or None)
    sites = uow.searches.sites(question.site_ids)
    if len(sites) < len(set(question.site_ids)):
        raise NotFound
    return sites


def _near(question: SearchFreeTimes, sites: list[SiteOfSearch], zips: ZipCodes) -> list[Near]:
    if question.near_zip is None:
        return [Near(site) for site in sites]
    here = zips.place(question.near_zip)
    if here is None:
        raise UnknownZip("near_zip")
    miles = miles_from(here, sites, zips)
    near = [Near(site, miles.get(site.site_id)) for site in sites]
    if question.within_miles is None:
        return near
    return [each for each in near if each.miles is not None and each.miles <= question.within_miles]


def _groups(question: SearchFreeTimes, sites: list[Near]) -> Iterator[list[SiteOfSearch]]:
    """Sites that are searched together: of one zone, whose days are the same; or each alone, the nearest first."""
    if question.order == "start_at":
        for _, together in groupby(sorted(sites, key=lambda it: it.site.zone), key=lambda it: it.site.zone):
            yield [near.site for near in together]
        return
    ordered = sorted(sites, key=lambda it: (it.miles is None, it.miles or 0, it.site.site_id))
    last = question.after[2] if question.after else None
    before = [near.site.site_id for near in ordered]
    for near in ordered[before.index(last) if last in before else 0 :]:
        yield [near.site]


class Search:
    """One question about some days, asked of sites of one zone, of a type as it is on those days."""

    def __init__(
        self,
        question: SearchFreeTimes,
        kind: AppointmentType,
        uow: Unit,
        now: datetime,
        *,
        days: tuple[date, date],
        free_of_rules: bool,
        needs: list[Need] | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """`needs`: what the named practitioner leaves to be served; without them the practitioner is of the kind that
        is needed first. `not_before` where it is later than the rules say."""
        self._question = question
        self._kind = kind
        self._uow = uow
        self._now = now
        self._extent = extent_of(kind)
        self._kind_of_practitioner = practitioners_kind(kind.needs) if needs is None else None
        self._needs = needs_beside(kind.needs, self._kind_of_practitioner) if needs is None else needs
        self._floor = not_before or now
        self._days = days
        self._free_of_rules = free_of_rules

    def first(self, sites: Sequence[SiteOfSearch], wanted: int) -> list[FoundTime]:
        """So many of the first times at those sites."""
        days = self._windows(sites[0].zone)
        after = self._after(sites)
        look = max(wanted, _FIRST_LOOK)
        while True:
            rows = self._candidates(sites, days, after, look)
            found = list(islice(self._settled(rows, days, after, complete=len(rows) < look), wanted))
            if len(found) == wanted or len(rows) < look or look >= _WIDEST:
                return found
            look *= _WIDER

    def _settled(
        self, rows: list[tuple[DayOf, datetime]], days: list[Window], after: Key | None, *, complete: bool
    ) -> Iterator[FoundTime]:
        """Those that no day which was not looked at can come before."""
        times = self._offering(rows, days).times([day for day, _ in rows])
        first, last = self._not_before, self._not_after
        fitting = (it for it in times if first <= it.start_at <= last and (after is None or it.key > after))
        if complete or not rows:
            return fitting
        day, earliest_at = rows[-1]
        bound = earliest_at, day.resource_id, day.site_id
        return takewhile(lambda it: it.key <= bound, fitting)

    def _offering(self, rows: list[tuple[DayOf, datetime]], days: list[Window]) -> Offering:
        asked = {(day.site_id, day.on_day) for day, _ in rows}
        sites, on = sorted({site for site, _ in asked}), sorted({day for _, day in asked})
        others = self._uow.searches.others(sites, on, self._needs, self._kind.minutes) if self._needs and rows else []
        return Offering(self._extent, self._needs, days, others)

    def _candidates(
        self, sites: Sequence[SiteOfSearch], days: list[Window], after: Key | None, most: int
    ) -> list[tuple[DayOf, datetime]]:
        question = self._question
        return self._uow.searches.candidates(
            days,
            site_ids=[site.site_id for site in sites],
            practitioner_ids=list(question.practitioner_ids) or None,
            kind=self._kind_of_practitioner,
            sex=question.sex,
            language=question.language,
            minutes=self._kind.minutes,
            set_up_minutes=self._kind.set_up_minutes,
            not_before=max(self._not_before, after[0]) if after else self._not_before,
            not_after=self._not_after,
            after_id=after[1] if after and after[0] >= self._not_before else None,
            after_site_id=after[2] if after and after[0] >= self._not_before else None,
            most=most,
        )

    def _after(self, sites: Sequence[SiteOfSearch]) -> Key | None:
        """In the order of distance a page goes on at its last site alone; the sites behind it begin anew."""
        after = self._question.after
        if after and self._question.order == "distance" and after[2] != sites[0].site_id:
            return None
        return after

    def _windows(self, zone: str) -> list[Window]:
        question, info = self._question, zone_of(zone)
        today = local_day(self._not_before, info)
        after = today
        if question.after is not None and question.order == "start_at":
            after = local_day(question.after[0], info) - timedelta(days=1)
        first, last = max(self._days[0], today, after), min(self._days[1], local_day(self._not_after, info))
        return list(windows(first, last, info, question.weekdays, question.hours))

    @property
    def _not_before(self) -> datetime:
        notice = timedelta() if self._free_of_rules else timedelta(minutes=self._kind.notice_minutes)
        return max(self._floor, self._now + notice)

    @property
    def _not_after(self) -> datetime:
        days = self._kind.horizon_days
        return self._now + timedelta(days=3660 if days is None or self._free_of_rules else days)
