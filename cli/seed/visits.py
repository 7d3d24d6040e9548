"""One site's diaries, day by day: who has a time, and what has become of it by the instant of the seed."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from uuid import UUID

from cli.seed.ids import Ids
from cli.seed.people import Person
from cli.seed.places import PAUSE, TYPES, Clinic
from cli.seed.procedures import SHARES
from cli.seed.size import DAYS_AHEAD, Size

_REASONS = ("asked by the patient", "feels better", "another appointment", "no way to get here")
_MINUTE = timedelta(minutes=1)
_TYPE_SHARES = list(accumulate(share for _, _, share in TYPES))
_LENGTHS = [timedelta(minutes=minutes) for _, minutes, _ in TYPES]
_KIND_SHARES = list(accumulate(SHARES))


@dataclass(slots=True)
class Visit:
    """An appointment and what became of it. `moved_at`, `finished_at` and `kind` are what other services know."""

    number: int
    appointment_id: UUID
    person: Person
    practitioner: int
    type: int
    start_at: datetime
    end_at: datetime
    booked_at: datetime
    status: str = "booked"
    version: int = 1
    previous_start_at: datetime | None = None
    moved_at: datetime | None = None
    arrival_id: UUID | None = None
    arrived_at: datetime | None = None
    finished_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_reason: str | None = None
    noshow_at: datetime | None = None
    kind: int = 0

    @property
    def changed_at(self) -> datetime:
        """When its last event was told."""
        ended_at = self.finished_at or self.cancelled_at or self.noshow_at
        return ended_at or self.arrived_at or self.moved_at or self.booked_at


class Diaries:
    """The book of one site. `people` are its patients, those first who come more often than others."""

    def __init__(self, size: Size, clinic: Clinic, people: Sequence[Person], ids: Ids) -> None:
        self._size = size
        self._clinic = clinic
        self._ids = ids
        self._chance = size.chance("visits", clinic.number)
        self._deck = _Deck(people, self._chance)
        self._first = clinic.number << 32
        self._made = 0

    def day(self, day: date) -> Iterator[Visit]:
        """The visits of one local day, each with its outcome."""
        ahead = (day - self._size.as_of.date()).days
        fullness = self._clinic.fullness * (1 if ahead <= 0 else 0.95 * (1 - ahead / (DAYS_AHEAD + 1)))
        zone = self._clinic.site.zone_info
        for place, (_, hours) in enumerate(self._clinic.staff):
            for worked in hours.times(day, day, zone):
                yield from self._stretch(place, worked.start_at, worked.end_at, fullness)

    def _stretch(self, place: int, at: datetime, until: datetime, fullness: float) -> Iterator[Visit]:
        random = self._chance.random
        while at < until:
            kind = bisect(_TYPE_SHARES, random())
            end = at + _LENGTHS[min(kind, len(_LENGTHS) - 1)]
            if random() >= fullness or end > until:
                at += PAUSE
                continue
            yield self._visit(place, min(kind, len(_LENGTHS) - 1), at, end)
            at = end

    def _visit(self, place: int, kind: int, start: datetime, end: datetime) -> Visit:
        number = self._first + self._made
        self._made += 1
        visit = Visit(
            number=number,
            appointment_id=self._ids.of("appointment", number),
            person=self._deck.draw(),
            practitioner=place,
            type=kind,
            start_at=start,
            end_at=end,
            booked_at=self._booked_at(start),
        )
        self._decide(visit)
        return visit

    def _booked_at(self, start: datetime) -> datetime:
        lead = min(self._chance.expovariate(1 / 14), float(DAYS_AHEAD))
        booked = start - int(lead * 1440 + 10) * _MINUTE
        return min(booked, self._size.as_of - self._chance.randrange(2, 14 * 1440) * _MINUTE)

    def _decide(self, visit: Visit) -> None:
        chance, as_of = self._chance, self._size.as_of
        fate = chance.random()
        if chance.random() < 0.03:
            self._move(visit)
        if visit.start_at > as_of:
            if fate < 0.03:
                self._cancel(visit)
        elif visit.end_at > as_of or fate < 0.87:
            self._arrive(visit)
        elif fate < 0.95:
            self._cancel(visit)
        else:
            _give_up(visit, min(as_of, visit.end_at + chance.randrange(20, 60) * _MINUTE))

    def _move(self, visit: Visit) -> None:
        visit.previous_start_at = visit.start_at + timedelta(days=self._chance.randrange(1, 8))
        visit.moved_at = self._between(visit.booked_at, visit.start_at)
        visit.version += 1

    def _cancel(self, visit: Visit) -> None:
        visit.status, visit.cancelled_reason = "cancelled", self._chance.choice(_REASONS)
        visit.cancelled_at = self._between(visit.moved_at or visit.booked_at, visit.start_at)
        visit.version += 1

    def _arrive(self, visit: Visit) -> None:
        visit.status, visit.arrival_id = "arrived", self._ids.of("arrival", visit.number)
        visit.arrived_at = max(visit.start_at - self._chance.randrange(13) * _MINUTE, visit.booked_at)
        visit.version += 1
        if visit.end_at <= self._size.as_of:
            finished = visit.end_at + self._chance.randrange(-4, 7) * _MINUTE
            visit.status, visit.finished_at = "fulfilled", min(finished, self._size.as_of)
            visit.kind = bisect(_KIND_SHARES, self._chance.randrange(_KIND_SHARES[-1]))
            visit.version += 1

    def _between(self, since: datetime, until: datetime) -> datetime:
        seconds = int((min(until, self._size.as_of) - since).total_seconds())
        return since + timedelta(seconds=self._chance.randrange(max(seconds, 1)))


def _give_up(visit: Visit, at: datetime) -> None:
    visit.status, visit.noshow_at = "noshow", at
    visit.version += 1


class _Deck:
    """Deals patients like cards: nobody has two visits at once, and one in three comes twice as often."""

    def __init__(self, people: Sequence[Person], chance: Random) -> None:
        self._cards = [*people, *people[::3]]
        self._chance = chance
        self._left: list[Person] = []

    def draw(self) -> Person:
        if not self._left:
            self._left = self._cards.copy()
            self._chance.shuffle(self._left)
        return self._left.pop()
