"""A small clinic at which whatever a desk can do is done, beside the model that says what must come of it (diary)."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from diary import Diary, Taken
from fix_absences import SickDay
from fix_scheduling import Clinic
from fix_waitlist import Waitlist

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.free_days import Place
from services.scheduling.domain.resources import Need
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.working_hours import WeeklyHours
from shared.errors import DomainError
from shared.ids import new_id

# Tuesday and Wednesday, nine to noon in New York; the clock starts on Monday.
NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
DAY, HALF_HOUR = timedelta(days=1), timedelta(minutes=30)
# What is proposed for a stranded visit may lie weeks ahead.
WORKING = [TimeRange.lasting(NINE + day * DAY, 6 * HALF_HOUR) for week in range(5) for day in (7 * week, 7 * week + 1)]
HOURS = tuple(WeeklyHours(weekday=day, starts=540, ends=720) for day in (2, 3))
ROOM = "exam room"


@dataclass
class Desk:
    """The product, by its operations, and the model of it. The clinic's practitioner works in one lane, `second` in
    two; each visit takes one of two rooms."""

    clinic: Clinic
    waitlist: Waitlist
    sick_day: SickDay
    second: UUID
    rooms: list[UUID]

    def begin(self) -> None:
        """Nothing is booked, held, closed or waited for."""
        self.clinic.clock.instant = NINE - DAY
        self.waitlist.rows(f"TRUNCATE {', '.join(_TABLES)}")
        lanes = {self.clinic.practitioner_id: 1, self.second: 2}
        rooms = dict.fromkeys(self.rooms, 1)
        self.model = Diary(lanes=lanes, rooms=rooms, working=WORKING, now=self.clinic.clock.now())
        for practitioner_id, count in lanes.items():
            hours = {"practitioner_id": practitioner_id, "site_id": self.clinic.site.site_id, "lanes": count}
            self.do(operations.set_working_hours, commands.SetWorkingHours(**hours, weekly=HOURS))
        for room_id in rooms:
            self.furnish(room_id, 1)
        self.waitlist.work()
        self.offers: dict[UUID, Any] = {}

    def do(self, operation: Callable[..., Any], command: Any) -> Any:
        return operation(command, self.clinic.uow(), self.clinic.clock)

    def expect(self, slug: str | None, operation: Callable[..., Any], command: Any) -> Any:
        """Does it, and sees that it is refused for that reason, or for none; gives what it answers where it is done."""
        answered, refused = None, None
        try:
            answered = self.do(operation, command)
        except DomainError as no:
            refused = no.slug
        assert refused == slug, f"{command}: {refused or 'done'}; by the model: {slug or 'it can be done'}"
        return answered

    def whom(self, number: int) -> UUID:
        return list(self.model.lanes)[number]

    def furnish(self, room_id: UUID, capacity: int) -> None:
        """So many visits at once; what is there already stays."""
        command = commands.ChangeResource(resource_id=room_id, changes={"capacity": capacity})
        self.do(operations.change_resource, command)
        self.model.rooms[room_id] = capacity

    def names(self, practitioner_id: UUID) -> dict[str, UUID]:
        place = {"site_id": self.clinic.site.site_id, "practitioner_id": practitioner_id}
        return place | {"appointment_type_id": self.clinic.type_id}

    def booking(self, practitioner_id: UUID, during: TimeRange, **more: Any) -> commands.BookAppointment:
        names = self.names(practitioner_id)
        return commands.BookAppointment(**names, patient_id=new_id(), start_at=during.start_at, **more)

    def pass_by(self, time: timedelta) -> None:
        self.clinic.clock.instant += time
        self.model.now = self.clinic.clock.now()

    def sweep(self) -> None:
        for hold_id in operations.expired_holds(self.clinic.uow(), self.clinic.clock):
            operations.expire_hold(hold_id, self.clinic.uow(), self.clinic.clock)
        self.model.sweep()
        over = self.waitlist.rows(f"SELECT hold_id FROM bookings WHERE expires_at <= '{self.model.now}'")
        assert not over, "a hold that has expired takes time still"

    def listed(self) -> list[Any]:
        """Open places on reschedule lists, by the start of the visits."""
        return [each for each in self.sick_day.listed() if each["state"] in ("offered", "declined", "to-call")]

    def check(self) -> None:
        """After each step, once the waitlist's job has done what there is to do."""
        self.waitlist.work()
        self._follow_offers()
        self._check_bookings()
        self._check_lists()
        self._check_free_days()

    def _follow_offers(self) -> None:
        """Who is offered what, on which lane, is the product's to choose; the model says whether it may be."""
        found = {row["offer_id"]: row for row in self.waitlist.offers("offered")}
        for gone in self.offers.keys() - found.keys():
            self.model.taken.pop(self.offers[gone]["hold_id"], None)
        held = _taken(self.waitlist.rows("SELECT * FROM bookings"))
        for new in found.keys() - self.offers.keys():
            hold_id = found[new]["hold_id"]
            assert hold_id in held, "an offer is not held"
            self._require_possible(held[hold_id])
            self.model.taken[hold_id] = held[hold_id]
        self.offers = found
        for one in found.values():
            who, during, mine = one["practitioner_id"], TimeRange(one["start_at"], one["end_at"]), one["hold_id"]
            no = self.model.refusal_of_place(who, during, mine, one["appointment_id"] or mine)
            assert no is None, f"an offer stands that cannot be had: {no}"
        assert len({row["entry_id"] for row in found.values()}) == len(found), "somebody has two offers to answer"

    def _require_possible(self, held: Taken) -> None:
        """No time that another has, on that lane, and none that nobody works; a practitioner's and a room's."""
        assert held.during.start_at >= self.model.now, "a time is offered that has begun"
        assert set(held.lanes) == {self.model.whose(held), self.model.room(held)}
        for one, lane in held.lanes.items():
            assert self.model.works(one, held.during), "a time is offered at which nobody works"
            assert not any(
                other.lanes.get(one) == lane and other.during.overlaps(held.during)
                for other in self.model.holding.values()
            ), "a time is offered that another has"

    def _check_bookings(self) -> None:
        rows = self.waitlist.rows("SELECT * FROM bookings ORDER BY resource_id, lane, start_at")
        alike = [(one, two) for one, two in pairwise(rows) if _overlap(one, two)]
        assert not alike, "the database keeps two bookings that overlap"
        found = _taken(rows)
        now = self.model.now
        holding = {who: it for who, it in found.items() if it.expires_at is None or it.expires_at > now}
        assert holding == self.model.holding, "bookings are not what the model has taken"
        statuses = self.waitlist.rows("SELECT appointment_id, status FROM appointments")
        assert {row["appointment_id"]: row["status"] for row in statuses} == {
            who: visit.status for who, visit in self.model.visits.items()
        }

    def _check_lists(self) -> None:
        rows = self.waitlist.rows("SELECT absence_id, appointment_id, state FROM reschedules")
        is_open = ("offered", "declined", "to-call")
        listed = sorted(row["appointment_id"] for row in rows if row["state"] in is_open)
        assert listed == self.model.stranded, "a stranded visit is not on exactly one list"
        for absence_id in self.model.absences:
            states = Counter(row["state"].replace("-", "_") for row in rows if row["absence_id"] == absence_id)
            tally = {name: count for name, count in self.sick_day.tally({"absence_id": absence_id}).items() if count}
            touched = tally.pop("touched", 0)
            assert tally == states, "a tally is not what stands on its list"
            assert touched == states.total() - states["withdrawn"], "a tally does not add up"

    def _check_free_days(self) -> None:
        with self.clinic.uow() as uow:
            for resource_id in (*self.model.lanes, *self.model.rooms):
                place = Place(resource_id=resource_id, site_id=self.clinic.site.site_id)
                assert list(operations.differing_days(place, uow)) == [], "free days differ from the slow computation"


_TABLES = (
    *("waitlist_offers", "waitlist_entries", "freed_times", "waitlist_policies", "reschedules", "absences"),
    *("time_exceptions", "holds", "bookings", "appointment_changes", "appointments", "series", "outbox"),
)


def _taken(rows: list[Any]) -> dict[UUID, Taken]:
    """What each visit, hold and offer takes. All of one have one time, or it would take two at once."""
    lanes: dict[Any, dict[UUID, int]] = defaultdict(dict)
    for row in rows:
        lanes[row["taken_by"], row["start_at"], row["end_at"], row["expires_at"]][row["resource_id"]] = row["lane"]
    found = {who: Taken(by, TimeRange(start, end), expires) for (who, start, end, expires), by in lanes.items()}
    assert len(found) == len(lanes), "something takes two times at once"
    return found


def _overlap(one: Any, two: Any) -> bool:
    alike = (one["resource_id"], one["lane"]) == (two["resource_id"], two["lane"])
    return bool(alike and two["start_at"] < one["end_at"])


@pytest.fixture
def desk_and_model(clinic: Clinic, waitlist: Waitlist) -> Desk:
    add = commands.AddPractitioner(given="C", family="D")
    second = operations.add_practitioner(add, clinic.uow(), clinic.clock).practitioner_id
    # In use for as long as anybody works (WORKING), since each of its days is computed anew after each step.
    use = {"from_on": (NINE - DAY).date(), "until_on": (NINE + 35 * DAY).date()}
    room = commands.AddResource(site_id=clinic.site.site_id, kind="room", type=ROOM, name="A room", **use)
    rooms = [operations.add_resource(room, clinic.uow(), clinic.clock).resource_id for _ in range(2)]
    needs = (Need(kind="practitioner"), Need(kind="room", type=ROOM))
    kind = commands.AddAppointmentType(name="Visit in a room", minutes=30, needs=needs)
    clinic.type_id = operations.add_appointment_type(kind, clinic.uow(), clinic.clock).appointment_type_id
    return Desk(clinic, waitlist, SickDay(clinic), second, rooms)
