"""Who is offered what: those who wait, in their order, against the times that are free.

A time that somebody has declined or let expire, or that his visit was moved away from, is never offered to him again,
nor one that overlaps it.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import tee
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.places import AppointmentType
from services.scheduling.domain.resources import Need
from services.scheduling.domain.search import FoundTime, extent_of
from services.scheduling.domain.starts import Extent
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.waitlist.entry import WaitlistEntry
from services.scheduling.domain.waitlist.policy import WaitlistPolicy
from services.scheduling.domain.zones import day_range, local_day

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An entry with what decides beside it: its type, how its times are offered, what the visit takes that is to be
    moved (of others the type says so), and the times that are not for this visit."""

    entry: WaitlistEntry
    kind: AppointmentType
    policy: WaitlistPolicy
    visit: Extent | None = None
    refused: tuple[TimeRange, ...] = ()

    def extent_of(self, kind: AppointmentType) -> Extent:
        """What it would take where its type is like that."""
        return self.visit or extent_of(kind)

    def takes_on(self, day: date) -> tuple[Extent, tuple[Need, ...]]:
        """How long it would take what on that local day."""
        kind = self.kind.on(day)
        return self.extent_of(kind), kind.needs

    @property
    def shortest_minutes(self) -> int:
        """What its visit needs at least, whenever it is."""
        if self.visit is not None:
            return self.visit.length // timedelta(minutes=1)
        return min(kind.minutes for kind in self._kinds)

    @property
    def needs_beside(self) -> list[Need]:
        """What it may need beside any practitioner, whenever it is."""
        return [need for kind in self._kinds for need in _beside_practitioner(kind.needs)]

    @property
    def _kinds(self) -> list[AppointmentType]:
        """Its type as it is, and as it is planned to be."""
        return [self.kind, *(self.kind.on(planned.from_on) for planned in self.kind.planned)]

    def within(self, now: datetime, reach: timedelta) -> TimeRange | None:
        """The time in which the wish may be met; a day's grace at its ends, which are of the sites' days."""
        wish, before = self.entry.wish, self.entry.earlier_than
        start_at, end_at = self.earliest(now), now + reach if before is None else before
        if wish.from_on is not None:
            start_at = max(start_at, day_range(wish.from_on, _UTC).start_at - timedelta(days=1))
        if wish.until_on is not None:
            end_at = min(end_at, day_range(wish.until_on, _UTC).end_at + timedelta(days=1))
        return TimeRange(start_at, end_at) if start_at < end_at else None

    def earliest(self, now: datetime) -> datetime:
        """Before this no time would do: the patient has to know and to answer."""
        return now + max(self.entry.wish.notice, self.policy.least)

    def takes(self, time: TimeRange, zone: ZoneInfo, now: datetime) -> bool:
        """Whether the time would do; whose it is and where is not asked here."""
        before, kind = self.entry.earlier_than, self.kind.on(local_day(time.start_at, zone))
        return (
            kind.active
            and time.start_at >= max(self.earliest(now), now + timedelta(minutes=kind.notice_minutes))
            and (before is None or time.start_at < before)
            and (kind.horizon_days is None or time.start_at <= now + timedelta(days=kind.horizon_days))
            and self.entry.wish.takes(time, zone)
            and not any(time.overlaps(each) for each in self.refused)
        )


def _beside_practitioner(needs: Sequence[Need]) -> list[Need]:
    """All but the one that any practitioner serves himself; of several practitioners each may be beside another."""
    own = [need for need in needs if need.kind == "practitioner"]
    return [need for need in needs if len(own) > 1 or need not in own]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Time of several resources that is taken or not to be offered once more."""

    resource_ids: tuple[UUID, ...]
    during: TimeRange


FreeTimes = Callable[[Waiting, Sequence[Claim]], Iterable[FoundTime]]


@dataclass(frozen=True, kw_only=True)
class Match:
    """A time and who is asked: one, or several of whom the first to answer has it. `extent`: what it takes."""

    time: FoundTime
    extent: Extent
    asked: tuple[Waiting, ...]

    @property
    def claim(self) -> Claim:
        """All that it takes."""
        whose = (self.time.practitioner_id, *self.time.resource_ids)
        return Claim(resource_ids=whose, during=self.extent.occupied(self.time.start_at))


def first_fit(one: Waiting, free: Iterable[FoundTime], zone: ZoneInfo, now: datetime) -> FoundTime | None:
    """The first of the free times that would do."""
    return next((time for time in free if one.takes(_visit(time), zone, now)), None)


def matched(
    waiting: Sequence[Waiting],
    free_times: FreeTimes,
    zone: ZoneInfo,
    now: datetime,
) -> Iterator[Match]:
    """Goes through those who wait, in their order; each gets the first time that would do and that nobody before him
    was given. `free_times(one, given)`: what is free for him where `given` is taken too.

    Where the first to answer has it, those further down for whom the very same time would do are asked beside him.
    """
    free = _Free(free_times)
    asked: set[UUID] = set()
    for place, one in enumerate(waiting):
        if one.entry.entry_id in asked:
            continue
        time = first_fit(one, free.times(one), zone, now)
        if time is None:
            continue
        group = (one, *_beside(one, _visit(time), waiting[place + 1 :], asked, zone, now))
        asked |= {each.entry.entry_id for each in group}
        extent, _ = one.takes_on(local_day(time.start_at, zone))
        match = Match(time=time, extent=extent, asked=group)
        free.give(match.claim)
        yield match


def _beside(
    first: Waiting, time: TimeRange, later: Sequence[Waiting], asked: set[UUID], zone: ZoneInfo, now: datetime
) -> Iterator[Waiting]:
    more, day = first.policy.asks - 1, local_day(time.start_at, zone)
    for one in later:
        if more == 0:
            return
        is_asked = one.policy.asks == 1 or one.entry.entry_id in asked
        if not is_asked and one.takes_on(day) == first.takes_on(day) and one.takes(time, zone, now):
            more -= 1
            yield one


def _visit(time: FoundTime) -> TimeRange:
    return TimeRange(time.start_at, time.end_at)


class _Free:
    """What is free, by what takes as much and may lie in the same hours; computed again once a time is given away.

    No more of it is computed than somebody asks for: mostly the first times do.
    """

    def __init__(self, free_times: FreeTimes) -> None:
        self._free_times = free_times
        self._given: list[Claim] = []
        self._known: dict[Hashable, Iterator[FoundTime]] = {}

    def times(self, one: Waiting) -> Iterator[FoundTime]:
        wish = one.entry.wish
        alike = one.kind.appointment_type_id, one.visit, wish.weekdays, wish.hours
        known = self._known.get(alike) or iter(self._free_times(one, self._given))
        self._known[alike], found = tee(known)
        return found

    def give(self, claim: Claim) -> None:
        self._given.append(claim)
        self._known.clear()
