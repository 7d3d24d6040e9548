"""Figures equal what the raw rows give, counted one by one in plain Python over random histories."""

from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from statistics import mean, median
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg2
import pytest
from fix_scheduling import NOW
from fix_theatre import Theatre
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from psycopg2.extras import RealDictCursor

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.resources import Need
from services.scheduling.domain.working_hours import WeeklyHours
from services.scheduling.queries import figures, third_next_available
from shared.errors import Invalid, NotFound, Refused
from shared.ids import new_id

ZONE = ZoneInfo("America/New_York")
BACKDATE = frozenset({"appointments:backdate"})
# 1 November 2026 is the autumn change; the histories go on around it.
MONDAY = date(2026, 10, 26)
# In the evening, when it is the next day in UTC.
WEEK = tuple(WeeklyHours(weekday=day, starts=20 * 60, ends=23 * 60) for day in (1, 2, 3, 4, 7))
MINUTES = (30, 45)

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["book", "book", "book", "cancel", "cancel", "move", "come", "miss", "mistake", "wait"]),
        st.integers(0, 1),  # practitioner
        st.integers(0, 1),  # type
        st.sampled_from([0, 0, 1, 5, 6, 6, 7, 13]),  # day
        st.integers(0, 2),  # half hour
    ),
    min_size=10,
    max_size=50,
)
# So many on so few days that the first free times are taken, and free again.
CROWDED = st.lists(
    st.tuples(
        st.sampled_from(["book", "book", "book", "book", "cancel", "move"]),
        st.integers(0, 1),
        st.integers(0, 1),
        st.integers(0, 2),
        st.integers(0, 5),
    ),
    min_size=20,
    max_size=60,
)
# One time, booked and cancelled twice.
TWICE_GIVEN_UP = [("book", 0, 0, 0, 0), ("cancel", 0, 0, 0, 0), ("book", 0, 0, 0, 0), ("cancel", 0, 0, 0, 1)]
# A history takes a second or so: one that fails is shown as it was found.
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)


class History:
    """Two practitioners of one new site, one of them in two lanes, and what happens to their appointments."""

    def __init__(self, clinic: Any) -> None:
        self.clinic = clinic
        clinic.clock.instant = datetime(2026, 10, 1, 12, tzinfo=UTC)
        add = commands.AddSite(name="Fig", zone=ZONE.key)
        self.site_id = operations.add_site(add, clinic.uow(), clinic.clock).site_id
        self.practitioners = [self._practitioner(lanes) for lanes in (1, 2)]
        self.types = [self._type(minutes) for minutes in MINUTES]
        self.made: list[UUID] = []

    def _practitioner(self, lanes: int) -> UUID:
        made = operations.add_practitioner(
            commands.AddPractitioner(given="A", family="B"), self.clinic.uow(), self.clinic.clock
        )
        hours = commands.SetWorkingHours(
            practitioner_id=made.practitioner_id, site_id=self.site_id, lanes=lanes, weekly=WEEK
        )
        operations.set_working_hours(hours, self.clinic.uow(), self.clinic.clock)
        return made.practitioner_id

    def _type(self, minutes: int) -> UUID:
        add = commands.AddAppointmentType(name=f"T{minutes}", minutes=minutes)
        return operations.add_appointment_type(add, self.clinic.uow(), self.clinic.clock).appointment_type_id

    def play(self, steps: list[Any]) -> None:
        for verb, who, kind, day, half in steps:
            self.clinic.clock.instant += timedelta(hours=5)
            start_at = datetime.combine(MONDAY + timedelta(days=day), datetime.min.time(), ZONE)
            start_at = (start_at + timedelta(hours=20, minutes=30 * half)).astimezone(UTC)
            with suppress(Refused):
                self._do(verb, who, kind, start_at, day + half)

    def _do(self, verb: str, who: int, kind: int, start_at: datetime, which: int) -> None:
        uow, clock = self.clinic.uow(scopes=BACKDATE), self.clinic.clock
        if verb == "book":
            command = commands.BookAppointment(
                site_id=self.site_id,
                practitioner_id=self.practitioners[who],
                appointment_type_id=self.types[kind],
                patient_id=new_id(),
                start_at=start_at,
            )
            self.made.append(operations.book_appointment(command, uow, clock).appointment_id)
        elif verb == "wait":
            clock.instant += timedelta(days=3)
        elif self.made:
            mine = self.made[which % len(self.made)]
            if verb == "cancel":
                self.clinic.cancel(mine)
            elif verb == "come":
                self.clinic.one(operations.check_in, mine)
            elif verb == "miss":
                self.clinic.one(operations.mark_noshow, mine)
            elif verb == "mistake":
                error = commands.EnterInError(appointment_id=mine, reason="wrong patient")
                operations.enter_in_error(error, uow, clock)
            else:
                command = commands.MoveAppointment(
                    appointment_id=mine, start_at=start_at, practitioner_id=self.practitioners[who]
                )
                operations.move_appointment(command, uow, clock)

    def rows(self) -> list[dict[str, Any]]:
        """What the table holds, seen by the superuser."""
        statement = "SELECT * FROM appointments WHERE site_id = %s"
        with closing(psycopg2.connect(self.clinic.urls.admin)) as connection:
            with connection.cursor(cursor_factory=RealDictCursor) as cursor:
                cursor.execute(statement, (str(self.site_id),))
                return [dict(row) for row in cursor.fetchall()]

    def told(self, first: date, last: date, by: str, period: str) -> dict[str, Any]:
        question = {"site_id": self.site_id, "from_on": first, "to_on": last, "by": by, "period": period}
        with self.clinic.uow() as uow:
            return figures.figures(question, self.clinic.clock.now(), uow)


@pytest.mark.requirement("40e")
@settings(max_examples=40, deadline=None, phases=UNSHRUNK, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(steps=TWICE_GIVEN_UP, first=0, length=6, by="site", period="all")
@example(steps=[*TWICE_GIVEN_UP, ("book", 0, 0, 0, 0)], first=0, length=6, by="site", period="all")
@given(
    steps=STEPS,
    first=st.integers(0, 9),
    length=st.integers(0, 13),
    by=st.sampled_from(["site", "practitioner", "appointment_type"]),
    period=st.sampled_from(["all", "day", "week", "month"]),
)
def test_figures_equal_what_the_raw_rows_give(
    clinic: Any, steps: Any, first: int, length: int, by: str, period: str
) -> None:
    """Seen red by: days cut in UTC; refilled by a booking that was cancelled too; lead time of cancelled ones."""
    history = History(clinic)
    history.play(steps)
    days = (MONDAY + timedelta(days=first), MONDAY + timedelta(days=first + length))
    told = history.told(*days, by, period)
    assert {key_of(row): without_keys(row) for row in told["items"]} == counted(history, *days, by, period)


@pytest.mark.requirement("40e")
@settings(max_examples=25, deadline=None, phases=UNSHRUNK, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=CROWDED, days=st.integers(0, 3))
def test_third_next_available_is_the_third_time_that_minutes_looked_at_one_by_one_give(
    clinic: Any, steps: Any, days: int
) -> None:
    """Seen red by: the second; times that have passed; what is cancelled taken as busy."""
    history = History(clinic)
    history.play(steps)
    clinic.clock.instant = datetime(2026, 10, 25, 17, tzinfo=UTC) + timedelta(days=days)
    told = {
        row["appointment_type_id"]: (row["start_at"], row["days"])
        for row in third_times(history.clinic, history.site_id, history.clinic.clock.now())
    }
    today = clinic.clock.now().astimezone(ZONE).date()
    for kind, minutes in zip(history.types, MINUTES, strict=True):
        third = sorted(free_by_the_minute(history, minutes))[2]
        assert told[kind] == (third, (third.astimezone(ZONE).date() - today).days)


@pytest.mark.requirement("40e")
def test_third_next_available_is_of_all_that_a_visit_needs_within_notice_and_horizon_whoever_asks(
    theatre: Theatre,
) -> None:
    """Two practitioners and one device, around the clock; it is nine o'clock.

    Seen red by: times of practitioners alone; rules that do not bind who may break them.
    """
    device = (Need(kind="device", type="ultrasound"),)
    plain = theatre.type()
    scarce = theatre.type(needs=device)
    bound = theatre.type(needs=device, notice_minutes=24 * 60)
    near = theatre.type(needs=device, horizon_days=0)
    theatre.book(NOW + timedelta(minutes=10))  # the device, from now on for 45 minutes
    rights = frozenset({"appointments:override-rules"})
    found = third_times(theatre.clinic, theatre.clinic.site.site_id, NOW, scopes=rights)
    told = {row["appointment_type_id"]: row["start_at"] and row["start_at"] - NOW for row in found}
    assert told[plain] == timedelta(minutes=45)  # the second practitioner now and in half an hour, then the first
    assert told[scarce] == timedelta(minutes=75)  # both after 45, then either
    assert told[bound] >= timedelta(days=1)
    assert told[near] is None


def test_third_next_available_is_told_in_pages_of_at_most_twenty_five_types(theatre: Theatre) -> None:
    """Each type is a search. Seen red by: as many as are asked for."""
    made = {theatre.type(horizon_days=0) for _ in range(30)}
    told = third_times(theatre.clinic, theatre.clinic.site.site_id, NOW, at_most=25)
    names = [row["appointment_type_id"] for row in told]
    assert made <= set(names)
    assert len(names) == len(set(names))


def test_figures_of_another_site_are_not_there_and_too_many_days_are_refused_by_their_field(clinic: Any) -> None:
    """Seen red by: no bound of the days."""
    question = {"site_id": clinic.site.site_id, "from_on": None, "to_on": None, "by": "site", "period": "all"}
    with clinic.uow(sites=frozenset({new_id()})) as uow, pytest.raises(NotFound):
        figures.figures(question, NOW, uow)
    with clinic.uow() as uow, pytest.raises(Invalid) as refused:
        figures.figures({**question, "from_on": date(2026, 1, 1), "to_on": date(2026, 4, 11)}, NOW, uow)
    assert refused.value.errors[0]["field"] == "to_on"


KEYS = ("practitioner_id", "appointment_type_id", "from_on", "to_on")


def third_times(clinic: Any, site_id: UUID, now: datetime, at_most: int = 50, **asker: Any) -> list[dict[str, Any]]:
    """All pages of them."""
    told: list[dict[str, Any]] = []
    question: dict[str, Any] = {"site_id": site_id, "limit": 50, "cursor": None, "sort": "name"}
    with clinic.uow(**asker) as uow:
        while not told or question["cursor"]:
            page = third_next_available.third_next_available(question, now, uow)
            assert len(page["items"]) <= at_most
            told += page["items"]
            question["cursor"] = page["next"]
    return told


def key_of(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEYS)


def without_keys(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in KEYS}


def counted(history: History, first: date, last: date, by: str, period: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The same rows, one appointment and one day at a time."""
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    every = [row for row in history.rows() if row["status"] != "entered-in-error"]
    for row in every:
        day = row["start_at"].astimezone(ZONE).date()
        if first <= day <= last:
            who = row["practitioner_id"] if by == "practitioner" else None
            kind = row["appointment_type_id"] if by == "appointment_type" else None
            found.setdefault((who, kind, *period_of(day, first, last, period)), []).append(row)
    for day in days_of(first, last):
        for who in history.practitioners if by == "practitioner" else [None]:
            if by != "appointment_type" and (
                by == "site" or minutes_of(history, who, *period_of(day, first, last, period))
            ):
                found.setdefault((who, None, *period_of(day, first, last, period)), [])
    return {key: figures_of(rows, every, minutes_of(history, key[0], *key[2:])) for key, rows in found.items()}


def figures_of(rows: list[dict[str, Any]], every: list[dict[str, Any]], working: int) -> dict[str, Any]:
    off = [row for row in rows if row["status"] == "cancelled"]
    on = [row for row in rows if row["status"] != "cancelled"]
    seen = [row for row in rows if row["status"] in ("arrived", "fulfilled")]
    missed = [row for row in rows if row["status"] == "noshow"]
    again = [row for row in off if any(takes_its_time(other, row) for other in every)]
    minutes = sum(int((row["end_at"] - row["start_at"]).total_seconds()) // 60 for row in on)
    lead = [max((row["start_at"] - row["booked_at"]).total_seconds(), 0) / 86400 for row in on]
    return {
        "appointments": len(rows),
        "cancelled": len(off),
        "refilled": len(again),
        "noshow": len(missed),
        "seen": len(seen),
        "filled_minutes": minutes,
        "working_minutes": working,
        "fill_rate": round(minutes / working, 4) if working else None,
        "noshow_rate": round(len(missed) / len(missed + seen), 4) if missed + seen else None,
        "refill_rate": round(len(again) / len(off), 4) if off else None,
        "lead_days_mean": pytest.approx(mean(lead), abs=1e-4) if lead else None,
        "lead_days_median": pytest.approx(median(lead), abs=1e-4) if lead else None,
    }


def takes_its_time(other: dict[str, Any], gone: dict[str, Any]) -> bool:
    same = all(other[name] == gone[name] for name in ("practitioner_id", "lane"))
    missed = other["status"] == "noshow" and other["booked_at"] >= gone["cancelled_at"]
    return (
        same and overlap(other, gone) and (missed or other["status"] in ("proposed", "booked", "arrived", "fulfilled"))
    )


def overlap(one: dict[str, Any], two: dict[str, Any]) -> bool:
    return bool(one["start_at"] < two["end_at"] and two["start_at"] < one["end_at"])


def period_of(day: date, first: date, last: date, period: str) -> tuple[date, date]:
    """The days of the period that lie in the question."""
    name = {
        "all": lambda _: 0,
        "day": lambda it: it,
        "week": lambda it: it.isocalendar()[:2],
        "month": lambda it: it.month,
    }
    same = [each for each in days_of(first, last) if name[period](each) == name[period](day)]
    return same[0], same[-1]


def days_of(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=each) for each in range((last - first).days + 1))


def minutes_of(history: History, who: UUID | None, first: date, last: date) -> int:
    lanes = 3 if who is None else history.practitioners.index(who) + 1
    worked = {each.weekday for each in WEEK}
    return sum(3 * 60 * lanes for day in days_of(first, last) if day.isoweekday() in worked)


def free_by_the_minute(history: History, minutes: int) -> Iterator[datetime]:
    """Every time that can be offered in three weeks: a minute later, until it fits."""
    gone = ("cancelled", "noshow", "entered-in-error")
    now, every = history.clinic.clock.now(), [row for row in history.rows() if row["status"] not in gone]
    for place, who in enumerate(history.practitioners):
        busy = [row for row in every if row["practitioner_id"] == who]
        for day in days_of(MONDAY - timedelta(days=1), MONDAY + timedelta(days=21)):
            if day.isoweekday() not in {each.weekday for each in WEEK}:
                continue
            open_at = datetime.combine(day, datetime.min.time(), ZONE).replace(hour=20).astimezone(UTC)
            at, close_at = open_at, open_at + timedelta(hours=3)
            while at + timedelta(minutes=minutes) <= close_at:
                wanted = {"start_at": at, "end_at": at + timedelta(minutes=minutes)}
                lanes = range(1, place + 2)
                if any(not any(row["lane"] == lane and overlap(row, wanted) for row in busy) for lane in lanes):
                    if at >= now:
                        yield at
                    at += timedelta(minutes=minutes)
                else:
                    at += timedelta(minutes=1)
