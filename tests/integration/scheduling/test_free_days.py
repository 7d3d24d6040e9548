"""Free time by day equals what hours and bookings make, after whatever has happened."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fix_messaging import until
from fix_scheduling import NOW, WAITING, Clinic, all_at_once, rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.free_days import DAYS_AHEAD, Place
from services.scheduling.domain.resource_lock import resource_lock
from services.scheduling.domain.spans import Span
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.working_hours import WeeklyHours
from shared.errors import DomainError

TEN = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ACTS = ("book", "book", "book", "move", "cancel", "reinstate", "hours", "lanes")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 40), st.integers(0, 40)), min_size=5, max_size=25)


def place_of(clinic: Clinic) -> Place:
    return Place(resource_id=clinic.practitioner_id, site_id=clinic.site.site_id)


def differing(clinic: Clinic, place: Place | None = None) -> list[Any]:
    with clinic.uow() as uow:
        return list(operations.differing_days(place or place_of(clinic), uow))


def free(clinic: Clinic, day: str) -> list[str]:
    statement = "SELECT free::text AS free FROM free_days WHERE on_day = %s ORDER BY lane"
    with clinic.uow() as uow, uow.connection.cursor() as cursor:
        cursor.execute(statement, (day,))
        return [row["free"] for row in cursor.fetchall()]


def hours(clinic: Clinic, starts: int, ends: int, lanes: int = 1, site_id: UUID | None = None) -> None:
    week = tuple(WeeklyHours(weekday=day, starts=starts * 60, ends=ends * 60) for day in range(1, 8))
    command = commands.SetWorkingHours(
        practitioner_id=clinic.practitioner_id, site_id=site_id or clinic.site.site_id, lanes=lanes, weekly=week
    )
    operations.set_working_hours(command, clinic.uow(), clinic.clock)


def test_hours_make_a_row_for_every_working_day_that_anybody_books_ahead(clinic: Clinic) -> None:
    """Seen red by: hours that are set without keeping free time."""
    hours(clinic, 9, 17)
    with clinic.uow() as uow:
        days = uow.free_time.days(place_of(clinic))
    assert len(days) == DAYS_AHEAD + 2
    assert days[1].working == (TimeRange(TEN - timedelta(hours=1), TEN + timedelta(hours=7)),)


def test_what_is_booked_leaves_the_free_time_of_its_day_and_comes_back_with_a_cancellation(clinic: Clinic) -> None:
    """Seen red by: a cancellation that gives back the booking alone."""
    hours(clinic, 9, 11)
    mine = clinic.book(TEN)
    piece = '["2026-11-23 {}:00+00","2026-11-23 {}:00+00")'.format
    assert free(clinic, "2026-11-23") == [f"{{{piece('14:00', '15:00')},{piece('15:30', '16:00')}}}"]
    clinic.move(mine.appointment_id, TEN + timedelta(minutes=10))
    assert free(clinic, "2026-11-23") == [f"{{{piece('14:00', '15:10')},{piece('15:40', '16:00')}}}"]
    clinic.cancel(mine.appointment_id)
    assert free(clinic, "2026-11-23") == [f"{{{piece('14:00', '16:00')}}}"]
    clinic.one(operations.reinstate_appointment, mine.appointment_id)
    assert differing(clinic) == []


def test_a_booking_takes_every_lane_of_the_practitioners_other_site(clinic: Clinic) -> None:
    """Seen red by: bookings of other sites left out."""
    other = operations.add_site(commands.AddSite(name="Oak", zone="America/Chicago"), clinic.uow(), clinic.clock)
    hours(clinic, 9, 11, lanes=2, site_id=other.site_id)
    clinic.book(TEN + timedelta(minutes=30))
    elsewhere = Place(resource_id=clinic.practitioner_id, site_id=other.site_id)
    with clinic.uow() as uow:
        taken = {each.taken for each in uow.free_time.days(elsewhere) if str(each.on_day) == "2026-11-23"}
    assert taken == {(TimeRange.lasting(TEN + timedelta(minutes=30), timedelta(minutes=30)),)}
    assert differing(clinic, elsewhere) == differing(clinic) == []


def test_many_who_book_and_cancel_at_once_leave_the_right_free_time(clinic: Clinic) -> None:
    """Seen red by: no lock at all."""
    hours(clinic, 0, 24, lanes=2)
    mine = [clinic.book(TEN + timedelta(minutes=30 * place)) for place in range(12)]

    def act(turn: int) -> None:
        if turn % 2:
            clinic.cancel(mine[turn // 2].appointment_id)
        else:
            clinic.book(TEN + timedelta(minutes=30 * (turn // 2) + 15))

    all_at_once(act, 24, together=12)
    assert differing(clinic) == []


def test_a_cancellation_waits_for_who_is_changing_the_practitioners_time(clinic: Clinic) -> None:
    """Seen red by: a cancellation that does not take the practitioner's lock."""
    mine = clinic.book(TEN)
    with ThreadPoolExecutor(1) as other, clinic.uow() as uow:
        uow.lock(resource_lock(clinic.practitioner_id))
        assert uow.free_time.kept(clinic.site.site_id, [clinic.practitioner_id])  # the lock is taken with this question
        cancelling = other.submit(clinic.cancel, mine.appointment_id)
        until(lambda: rows(clinic, WAITING) or cancelling.done())
        assert not cancelling.done()
        uow.commit()
        cancelling.result(timeout=30)
    assert differing(clinic) == []


@given(STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_sequence_every_day_is_what_the_slow_computation_makes(
    clinic: Clinic, steps: list[tuple[str, int, int]]
) -> None:
    """Seen red by: a move that keeps the day it goes to and not the day it leaves."""
    mine: list[UUID] = []
    for act, first, second in steps:
        start = NOW + timedelta(minutes=35 * first, days=first % 3)  # days whose rows share nothing too
        try:
            _act(clinic, mine, act, start, second)
        except DomainError:
            continue
        assert act != "move" or differing(clinic) == []  # before hours make all days anew
    assert differing(clinic) == []


def _act(clinic: Clinic, mine: list[UUID], act: str, start: datetime, number: int) -> None:
    if act == "book":
        mine.append(clinic.book(start).appointment_id)
    elif act == "hours":
        hours(clinic, number % 12, 12 + number % 13)
    elif act == "lanes":
        clinic.set_lanes(1 + number % 3)
    elif mine:
        one = mine[number % len(mine)]
        if act == "move":
            clinic.move(one, start)
        elif act == "cancel":
            clinic.cancel(one)
        else:
            clinic.one(operations.reinstate_appointment, one)


@pytest.mark.parametrize("days", [1, 9, 500, -30])
def test_as_days_pass_free_time_rolls_on_and_what_has_passed_is_forgotten(clinic: Clinic, days: int) -> None:
    """Seen red by: days added without what is booked on them."""
    clinic.book(NOW + timedelta(days=DAYS_AHEAD + 5))
    clinic.clock.instant += timedelta(days=days)
    for _ in range(2):
        for place in operations.places_to_roll(clinic.uow(), clinic.clock):
            operations.roll_free_time(place, clinic.uow(), clinic.clock)
    with clinic.uow() as uow:
        kept = [each.on_day for each in uow.free_time.days(place_of(clinic))]
    today = clinic.clock.now().date()
    assert today + timedelta(days=DAYS_AHEAD - 1) <= kept[-1] <= today + timedelta(days=DAYS_AHEAD + 8)
    assert min(kept) >= today - timedelta(days=2)
    assert min(kept) <= today
    assert differing(clinic) == []
    assert operations.places_to_roll(clinic.uow(), clinic.clock) == []


def test_a_row_that_is_wrong_is_found_and_made_anew(clinic: Clinic) -> None:
    """Seen red by: a check that compares the number of rows alone."""
    clinic.book(TEN)
    with clinic.uow() as uow, uow.connection.cursor() as cursor:
        cursor.execute("UPDATE free_days SET taken = '{}' WHERE on_day = '2026-11-23'")
        cursor.execute("DELETE FROM free_days WHERE on_day = '2026-11-25'")
        uow.commit()
    assert [right.on_day.day for _, right in differing(clinic)] == [23, 25]
    with clinic.uow() as uow:
        operations.keep_free_time(clinic.site.site_id, [clinic.practitioner_id], uow, clinic.clock)
        uow.commit()
    assert differing(clinic) == []


@pytest.mark.parametrize(
    "span",
    [
        Span(from_on=date(2026, 12, 1), until_on=date(2026, 12, 3)),
        Span(from_on=date(2026, 12, 1), until_on=date(2026, 12, 1), starts=600, ends=660),
        Span(start_at=TEN + timedelta(days=9, hours=-4), end_at=TEN + timedelta(days=9, hours=20)),
    ],
    ids=["days", "a part of a day", "instants over midnight"],
)
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_an_exception_and_a_closure_make_anew_the_days_on_which_they_lie_and_so_does_their_end(
    clinic: Clinic, span: Span, zone: str
) -> None:
    """East and west of the date line too. Seen red by: days of UTC without the days around them."""
    command = commands.AddSite(name="Far", zone=zone)
    clinic.site = operations.add_site(command, clinic.uow(), clinic.clock)
    clinic.set_lanes(1)
    mine, at = place_of(clinic), {"site_id": clinic.site.site_id, "span": span, "reason": None}
    leave = commands.AddWorkingException(kind="leave", practitioner_id=clinic.practitioner_id, resource_id=None, **at)
    closed = operations.add_closure(commands.AddClosure(kind="closure", **at), clinic.uow(), clinic.clock)
    assert differing(clinic, mine) == []
    away = operations.add_working_exception(leave, clinic.uow(), clinic.clock)
    assert differing(clinic, mine) == []
    for over, ended in ((operations.remove_closure, closed), (operations.remove_working_exception, away)):
        over(commands.RemoveException(exception_id=ended["exception_id"]), clinic.uow(), clinic.clock)
        assert differing(clinic, mine) == []
    with clinic.uow() as uow:
        assert len(uow.free_time.days(mine)) == DAYS_AHEAD + 2
