"""A clinic's diary as plain lists in memory: what scheduling has to say to each command, and what then is taken.

It knows no database, no locks and no free days. Times are half-open; everybody works in `working`, rooms can be had at
any hour, and a visit takes its own time alone: of its practitioner and of one room.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.scheduling.domain.time_range import TimeRange

MIDNIGHT = timedelta(hours=5)  # of New York in winter, by UTC


@dataclass(frozen=True)
class Taken:
    """One interval of a practitioner and a room, with the lane of each. What `expires_at` holds nothing any more from
    then on."""

    lanes: Mapping[UUID, int]
    during: TimeRange
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Visit:
    """An appointment, whether it has its time or not."""

    practitioner_id: UUID
    during: TimeRange
    room_id: UUID
    status: Literal["booked", "cancelled"] = "booked"


@dataclass(frozen=True)
class Away:
    """An absence, or blocked time of a room; `resource_id` None is everybody's and everything's: the site is closed."""

    resource_id: UUID | None
    during: TimeRange

    def touches(self, resource_id: UUID, during: TimeRange) -> bool:
        return self.resource_id in (None, resource_id) and self.during.overlaps(during)


@dataclass
class Diary:
    """`lanes` by practitioner, `rooms` by their ids with the lanes of each. Each `refusal...` gives the slug of the
    refusal that must come, None where none may."""

    lanes: dict[UUID, int]
    rooms: dict[UUID, int]
    working: list[TimeRange]
    now: datetime
    taken: dict[UUID, Taken] = field(default_factory=dict)
    visits: dict[UUID, Visit] = field(default_factory=dict)
    series: dict[UUID, list[UUID]] = field(default_factory=dict)
    holds: dict[UUID, Literal["held", "over"]] = field(default_factory=dict)
    absences: dict[UUID, Away] = field(default_factory=dict)
    undone: set[UUID] = field(default_factory=set)
    blocked: dict[UUID, Away] = field(default_factory=dict)

    @property
    def holding(self) -> dict[UUID, Taken]:
        """What is taken now; a hold that has expired is not, whether or not anybody has cleared it away."""
        return {who: one for who, one in self.taken.items() if one.expires_at is None or one.expires_at > self.now}

    def works(self, resource_id: UUID, during: TimeRange) -> bool:
        away = any(one.touches(resource_id, during) for one in [*self._standing(), *self.blocked.values()])
        return not away and (resource_id in self.rooms or any(time.holds(during) for time in self.working))

    def lane(self, resource_id: UUID, during: TimeRange, *but: UUID) -> int | None:
        """The lowest lane that is free, as if `but` had no time. A lane that was given up counts in the last one."""
        lanes = (self.lanes | self.rooms)[resource_id]
        busy = {
            min(one.lanes[resource_id], lanes)
            for who, one in self.holding.items()
            if who not in but and resource_id in one.lanes and one.during.overlaps(during)
        }
        return next((lane for lane in range(1, lanes + 1) if lane not in busy), None)

    def free_rooms(self, during: TimeRange, *but: UUID) -> list[UUID]:
        """In the order in which they are given out."""
        return sorted(one for one in self.rooms if self.works(one, during) and self.lane(one, during, *but))

    def refusal(self, practitioner_id: UUID, during: TimeRange, *but: UUID) -> str | None:
        """Of taking a time."""
        today = (self.now - MIDNIGHT).replace(hour=0, minute=0) + MIDNIGHT
        if during.start_at < today:
            return "start-in-the-past"
        return self.refusal_of_place(practitioner_id, during, *but)

    def refusal_of_place(self, practitioner_id: UUID, during: TimeRange, *but: UUID) -> str | None:
        """The same, whenever it is."""
        if not self.works(practitioner_id, during):
            return "outside-working-hours"
        return self._refusal_of_lanes(practitioner_id, during, *but)

    def refusal_of_move(self, visit_id: UUID, practitioner_id: UUID, during: TimeRange) -> str | None:
        return self.refusal_of_cancel(visit_id) or self.refusal(practitioner_id, during, visit_id)

    def refusal_of_cancel(self, visit_id: UUID) -> str | None:
        return None if self.visits[visit_id].status == "booked" else "appointment-not-booked"

    def refusal_of_reinstatement(self, visit_id: UUID) -> str | None:
        """The practitioner's hours are not asked again."""
        visit = self.visits[visit_id]
        if visit.status == "booked":
            return "appointment-not-cancelled"
        return self._refusal_of_lanes(visit.practitioner_id, visit.during)

    def refusal_of_hold(self, hold_id: UUID) -> str | None:
        """Of whatever is done with a hold."""
        return None if self.holds[hold_id] == "held" and hold_id in self.holding else "hold-over"

    def refusal_of_held_booking(self, hold_id: UUID) -> str | None:
        over = self.refusal_of_hold(hold_id)
        held = self.taken.get(hold_id)
        return over or (self.refusal(self.whose(held), held.during, hold_id) if held else None)

    def refusal_of_series(self, practitioner_id: UUID, dates: Iterable[TimeRange]) -> str | None:
        """One date that cannot be had is enough."""
        clashes = [each for each in dates if self.refusal(practitioner_id, each)]
        return "series-clashes" if clashes else None

    def changeable(self, series_id: UUID) -> list[UUID]:
        """What of a series can still be cancelled as such."""
        visits = {visit_id: self.visits[visit_id] for visit_id in self.series[series_id]}
        return [one for one, it in visits.items() if it.status == "booked" and it.during.start_at > self.now]

    def book(self, visit_id: UUID, practitioner_id: UUID, during: TimeRange, rather: UUID | None = None) -> None:
        """Takes the lowest free lanes, now that it may: of the room `rather`, or of its own, where that can be had."""
        known = self.visits.get(visit_id)
        seat = self._seat(practitioner_id, during, rather or (known.room_id if known else None), visit_id)
        self.taken[visit_id] = seat
        self.visits[visit_id] = Visit(practitioner_id, during, self.room(seat))

    def room(self, taken: Taken) -> UUID:
        return next(one for one in taken.lanes if one in self.rooms)

    def whose(self, taken: Taken) -> UUID:
        return next(one for one in taken.lanes if one in self.lanes)

    def hold(self, hold_id: UUID, practitioner_id: UUID, during: TimeRange, expires_at: datetime) -> None:
        self.taken[hold_id] = replace(self._seat(practitioner_id, during), expires_at=expires_at)
        self.holds[hold_id] = "held"

    def cancel(self, visit_id: UUID) -> None:
        del self.taken[visit_id]
        self.visits[visit_id] = replace(self.visits[visit_id], status="cancelled")

    def reinstate(self, visit_id: UUID) -> None:
        visit = self.visits[visit_id]
        self.book(visit_id, visit.practitioner_id, visit.during)

    def end_hold(self, hold_id: UUID) -> None:
        self.holds[hold_id] = "over"
        self.taken.pop(hold_id, None)

    def sweep(self) -> None:
        """What the job does about holds that have expired."""
        for hold_id in self.taken.keys() - self.holding.keys():
            self.end_hold(hold_id)

    @property
    def stranded(self) -> list[UUID]:
        """Visits that stand where somebody is away: each has to be on one list."""
        return sorted(
            who
            for who, visit in self.visits.items()
            if visit.status == "booked"
            and any(one.touches(visit.practitioner_id, visit.during) for one in self._standing())
        )

    def _refusal_of_lanes(self, practitioner_id: UUID, during: TimeRange, *but: UUID) -> str | None:
        if not self.lane(practitioner_id, during, *but):
            return "appointment-overlaps"
        return None if self.free_rooms(during, *but) else "resource-taken"

    def _seat(self, practitioner_id: UUID, during: TimeRange, rather: UUID | None = None, *but: UUID) -> Taken:
        rooms = self.free_rooms(during, *but)
        taken = (practitioner_id, rather if rather in rooms else rooms[0]) if rooms else ()
        lanes = {one: lane for one in taken if (lane := self.lane(one, during, *but))}
        assert len(lanes) == 2, "the model knows of no free lane"
        return Taken(lanes, during)

    def _standing(self) -> list[Away]:
        return [one for absence_id, one in self.absences.items() if absence_id not in self.undone]
