"""Series whose visits need rooms and devices: all that each date needs or no date, and free time by day stays right."""

from datetime import timedelta
from typing import Any

import pytest
from fix_scheduling import NOW, all_at_once
from fix_theatre import Theatre

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.errors import AppointmentOverlaps, ResourceTaken, SeriesClashes
from services.scheduling.domain.resources import Need
from shared.ids import new_id

TEN = NOW + timedelta(hours=1)
WEEK, HOUR, MINUTE = timedelta(weeks=1), timedelta(hours=1), timedelta(minutes=1)
DEVICE = {"kind": "device", "type": "ultrasound"}
OVERRIDE = frozenset({"appointments:override-rules"})


def asked(theatre: Theatre, kind: Any = commands.CheckSeries, **more: Any) -> Any:
    """Three Mondays at ten."""
    return kind(**theatre.names(TEN, **{"rrule": "FREQ=WEEKLY;COUNT=3", **more}))


def check(theatre: Theatre, scopes: frozenset[str] = frozenset(), **more: Any) -> Any:
    with theatre.clinic.uow(scopes=scopes) as uow:
        return operations.check_series(asked(theatre, **more), uow, theatre.clinic.clock).dates


def book(theatre: Theatre, **more: Any) -> Any:
    command = asked(theatre, commands.BookSeries, **{"patient_id": new_id(), **more})
    return operations.book_series(command, theatre.clinic.uow(), theatre.clinic.clock)


def changed(theatre: Theatre, series: Any, start_at: Any, **more: Any) -> Any:
    """Moves all, the first to that start."""
    named = {"series_id": series["series_id"], "appointment_id": series["appointments"][0].appointment_id}
    command = commands.ChangeSeries(**named, reach="all", start_at=start_at, **more)
    return operations.change_series(command, theatre.clinic.uow(), theatre.clinic.clock)


def cancelled(theatre: Theatre, series: Any) -> Any:
    named = {"series_id": series["series_id"], "appointment_id": series["appointments"][0].appointment_id}
    command = commands.CancelSeries(**named, reach="all", reason="asked")
    return operations.cancel_series(command, theatre.clinic.uow(), theatre.clinic.clock)


def outcomes(dates: Any) -> list[tuple[str, str | None]]:
    return [(each.outcome, each.reason) for each in dates]


def taken(theatre: Theatre) -> set[tuple[Any, ...]]:
    return set(theatre.rows("SELECT resource_id::text, start_at, end_at FROM bookings"))


def takes(theatre: Theatre, *starts: Any, whose: Any = None, room: int = 0) -> set[tuple[Any, ...]]:
    """What visits of those starts take: practitioner, room and device, from set-up to clean-up."""
    all_of_it = (whose or theatre.clinic.practitioner_id, theatre.rooms[room], theatre.device)
    return {(str(one), start - 10 * MINUTE, start + 35 * MINUTE) for start in starts for one in all_of_it}


@pytest.mark.requirement("33b")
@pytest.mark.requirement("34a")
def test_each_date_takes_all_that_it_needs_and_gives_it_back_and_free_time_stays_right(theatre: Theatre) -> None:
    """Booked, changed to another practitioner and time, cancelled; after each step free time by day is what the slow
    computation makes.

    Seen red by: dates without rooms; a move that keeps free time of the practitioner alone.
    """
    series = book(theatre)
    assert taken(theatre) == takes(theatre, TEN, TEN + WEEK, TEN + 2 * WEEK)
    assert {each.resource_ids for each in series["appointments"]} == {(theatre.rooms[0], theatre.device)}
    theatre.free_time_is_right()
    later = TEN + 20 * MINUTE  # into what it leaves itself
    changed(theatre, series, later, practitioner_id=theatre.second)
    assert taken(theatre) == takes(theatre, later, later + WEEK, later + 2 * WEEK, whose=theatre.second)
    theatre.free_time_is_right()
    cancelled(theatre, series)
    assert taken(theatre) == set()
    theatre.free_time_is_right()


@pytest.mark.requirement("34a")
@pytest.mark.requirement("34b")
def test_a_date_whose_device_is_taken_clashes_by_name_and_can_be_had_at_the_times_near_it(theatre: Theatre) -> None:
    """Seen red by: near times of the practitioner alone."""
    theatre.book(TEN + WEEK, practitioner_id=theatre.second)
    dates = check(theatre)
    assert outcomes(dates) == [("free", None), ("clash", ResourceTaken.slug), ("free", None)]
    away = [time.start_at - TEN - WEEK for time in dates[1].proposals]
    assert (len(away), min(map(abs, away))) == (5, 45 * MINUTE)
    with pytest.raises(SeriesClashes) as refused:
        book(theatre)
    (clash,) = refused.value.details["clashes"]
    assert (clash["reason"], clash["needs"], len(clash["next_free_times"])) == (ResourceTaken.slug, [DEVICE], 5)
    assert theatre.rows("SELECT count(*) FROM bookings") == [(3,)]
    for time in dates[1].proposals:
        choice = commands.DateChoice(on=dates[1].on, instead_at=time.start_at)
        assert outcomes(check(theatre, choices=(choice,))) == [("free", None)] * 3
    book(theatre, choices=(choice,))
    theatre.free_time_is_right()


def test_dates_of_one_series_do_not_share_a_device_nor_the_time_around_a_visit(theatre: Theatre) -> None:
    """The practitioner could see two at once. Seen red by: dates that take the practitioner's time alone."""
    theatre.clinic.set_lanes(2)
    tuesday = (TEN + 24 * HOUR).date()
    for instead_at, outcome in [
        (TEN, ("clash", ResourceTaken.slug)),
        (TEN + 40 * MINUTE, ("clash", ResourceTaken.slug)),  # within its set-up
        (TEN + 45 * MINUTE, ("free", None)),
    ]:
        choice = commands.DateChoice(on=tuesday, instead_at=instead_at)
        assert outcomes(check(theatre, rrule=None, dates=(tuesday,), choices=(choice,)))[1] == outcome


def test_a_change_keeps_each_dates_room_and_takes_another_where_it_is_not_free(theatre: Theatre) -> None:
    """Seen red by: rooms that are chosen anew; a clash where another room would do."""
    only_room = theatre.type(needs=(Need(kind="room", type="exam room"),))
    book(theatre, appointment_type_id=only_room, practitioner_id=theatre.second)
    series = book(theatre, appointment_type_id=only_room)
    assert {each.resource_ids for each in series["appointments"]} == {(theatre.rooms[1],)}
    theatre.book(TEN + WEEK + HOUR, practitioner_id=theatre.second, resource_ids=(theatre.rooms[1],))
    moved = changed(theatre, series, TEN + HOUR)
    rooms = [each.resource_ids for each in moved["appointments"]]
    assert rooms == [(theatre.rooms[1],), (theatre.rooms[0],), (theatre.rooms[1],)]
    theatre.free_time_is_right()


def test_dates_move_into_the_rooms_and_devices_that_others_of_the_series_leave(theatre: Theatre) -> None:
    """All by a week. Seen red by: what the others take, with what is given up."""
    series = book(theatre)
    changed(theatre, series, TEN + WEEK)
    assert taken(theatre) == takes(theatre, *(TEN + each * WEEK for each in (1, 2, 3)))
    theatre.free_time_is_right()


def test_what_is_held_clashes_until_it_expires_and_is_then_cleared_away(theatre: Theatre) -> None:
    """Seen red by: booking over what an expired hold still has in the table."""
    theatre.hold(TEN + WEEK, practitioner_id=theatre.second)
    assert outcomes(check(theatre))[1] == ("clash", ResourceTaken.slug)
    theatre.clinic.clock.instant += 20 * MINUTE
    series = book(theatre)
    assert taken(theatre) >= takes(theatre, TEN, TEN + WEEK, TEN + 2 * WEEK)
    theatre.hold(TEN + WEEK + HOUR, practitioner_id=theatre.second)
    theatre.clinic.clock.instant += 20 * MINUTE
    changed(theatre, series, TEN + HOUR)
    assert taken(theatre) >= takes(theatre, *(TEN + HOUR + each * WEEK for each in range(3)))


def test_notice_and_horizon_of_the_type_bind_each_date_but_for_who_may_break_them(theatre: Theatre) -> None:
    """Near times are within them too. Seen red by: dates that are asked without the type."""
    bound = theatre.type(notice_minutes=90, horizon_days=13)
    dates = check(theatre, appointment_type_id=bound)
    assert outcomes(dates) == [("clash", "notice-too-short"), ("free", None), ("clash", "beyond-horizon")]
    assert dates[0].proposals[0].start_at >= NOW + 90 * MINUTE
    assert all(time.start_at <= NOW + timedelta(days=13) for time in dates[2].proposals)
    assert outcomes(check(theatre, OVERRIDE, appointment_type_id=bound)) == [("free", None)] * 3


def test_a_practitioner_of_another_kind_than_is_needed_clashes_and_no_time_would_help(theatre: Theatre) -> None:
    """Seen red by: a look for near times, which is refused."""
    for_nurses = theatre.type(needs=(Need(kind="practitioner", type="nurse"),))
    dates = check(theatre, appointment_type_id=for_nurses)
    assert outcomes(dates) == [("clash", "practitioner-does-not-fit")] * 3
    assert [each.proposals for each in dates] == [()] * 3


def test_series_and_visits_that_race_for_rooms_and_devices_end_well_and_never_in_a_deadlock(theatre: Theatre) -> None:
    """Series of two practitioners are moved and cancelled whole while visits are booked and cancelled beside them.

    Seen red by: rooms whose locks are taken one by one, after the practitioner's.
    """
    series = [book(theatre), book(theatre, practitioner_id=theatre.second, start_at=TEN + HOUR)]

    def turn(number: int) -> str:
        try:
            if number % 4 < 2:
                changed(theatre, series[number % 2], TEN + (number % 6) * HOUR)
            else:
                made = theatre.book(TEN + (number % 3) * WEEK + (number % 5) * HOUR, practitioner_id=theatre.second)
                theatre.clinic.cancel(made.appointment_id)
        except (SeriesClashes, AppointmentOverlaps, ResourceTaken) as no:
            return no.slug
        return "done"

    assert "done" in all_at_once(turn, 48, together=8)
    assert theatre.rows("SELECT count(*) FROM bookings") == [(18,)]
    theatre.free_time_is_right()
