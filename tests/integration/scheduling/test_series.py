"""Series on a real database: every date checked first, all of them or none, each with a status of its own."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from fix_scheduling import all_at_once, rows

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.errors import AppointmentOverlaps, NotOfSeries, SeriesClashes, SeriesEmpty
from services.scheduling.repository import schedules
from shared.errors import NotFound, Stale
from shared.ids import new_id

ZONE = ZoneInfo("America/New_York")
TODAY = datetime(2026, 10, 5, 14, tzinfo=UTC)
WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


NINE = local("2026-10-12 09:00")  # a Monday; clocks change on 1 November and on 14 March


@pytest.fixture(autouse=True)
def _autumn(clinic: Any) -> None:
    clinic.clock.instant = TODAY


def asked(clinic: Any, kind: Any = commands.CheckSeries, **more: Any) -> Any:
    """A weekly series of four, at nine on Mondays."""
    said = {
        "site_id": clinic.site.site_id,
        "practitioner_id": clinic.practitioner_id,
        "appointment_type_id": clinic.type_id,
        "start_at": NINE,
        "rrule": "FREQ=WEEKLY;COUNT=4",
    }
    return kind(**{**said, **more})


def check(clinic: Any, **more: Any) -> Any:
    with clinic.uow() as uow:
        return operations.check_series(asked(clinic, **more), uow, clinic.clock).dates


def book(clinic: Any, **more: Any) -> Any:
    command = asked(clinic, commands.BookSeries, **{"patient_id": new_id(), **more})
    return operations.book_series(command, clinic.uow(), clinic.clock)


def changed(clinic: Any, series: Any, place: int, reach: str, start_at: datetime, **more: Any) -> Any:
    """Moves the date at that place."""
    named = series["appointments"][place].appointment_id
    said = {"series_id": series["series_id"], "appointment_id": named, "reach": reach, "start_at": start_at}
    return operations.change_series(commands.ChangeSeries(**said, **more), clinic.uow(), clinic.clock)


def cancelled(clinic: Any, series: Any, place: int, reach: Any) -> Any:
    named = series["appointments"][place].appointment_id
    command = commands.CancelSeries(series_id=series["series_id"], appointment_id=named, reach=reach, reason="asked")
    return operations.cancel_series(command, clinic.uow(), clinic.clock)


def now_of(clinic: Any, series: Any) -> list[tuple[str, str]]:
    """Each date as it is: the local time and the status."""
    with clinic.uow() as uow:
        found = operations.read_series(series["series_id"], uow)["appointments"]
    return [(each.start_at.astimezone(ZONE).strftime("%m-%d %H:%M"), each.status) for each in found]


def outcomes(dates: Any) -> list[tuple[str, str | None]]:
    return [(each.outcome, each.reason) for each in dates]


@pytest.mark.requirement("6a")
@pytest.mark.requirement("34a")
def test_a_series_of_24_weeks_stays_at_nine_with_its_length_across_both_changes(clinic: Any) -> None:
    """Seen red by: the first instant plus so many weeks."""
    series = book(clinic, rrule="FREQ=WEEKLY;COUNT=24")
    found = rows(
        clinic,
        "SELECT to_char(start_at AT TIME ZONE 'America/New_York', 'HH24:MI'), end_at - start_at, count(*)"
        " FROM appointments GROUP BY 1, 2",
    )
    assert found == [("09:00", timedelta(minutes=30), 24)]
    assert len({each.start_at for each in series["appointments"]}) == 24
    assert rows(clinic, "SELECT count(*) FROM bookings") == [(24,)]
    assert rows(clinic, "SELECT count(*) FROM outbox WHERE type = 'appointment-booked'") == [(24,)]
    with clinic.uow() as uow:
        read = uow.appointments.read(series["appointments"][3].appointment_id)
    assert read.series_id == series["series_id"]


@pytest.mark.requirement("34a")
@pytest.mark.requirement("34b")
def test_clashes_are_listed_with_the_free_times_near_them_and_nothing_is_booked_until_each_is_decided(
    clinic: Any,
) -> None:
    """Seen red by: booking what is free; proposals that another date of the series takes."""
    clinic.book(NINE + WEEK)
    dates = check(clinic)
    assert outcomes(dates) == [
        ("free", None),
        ("clash", "appointment-overlaps"),
        ("free", None),
        ("free", None),
    ]
    near = [time.start_at for time in dates[1].proposals]
    assert len(near) == 5
    assert all(abs(start - (NINE + WEEK)) <= timedelta(hours=2) for start in near)
    with pytest.raises(SeriesClashes) as refused:
        book(clinic)
    (clash,) = refused.value.details["clashes"]
    assert (clash["on"], clash["reason"], len(clash["next_free_times"])) == ("2026-10-19", "appointment-overlaps", 5)
    assert rows(clinic, "SELECT count(*) FROM appointments") == [(1,)]
    assert rows(clinic, "SELECT count(*) FROM series") == [(0,)]
    elsewhere = commands.DateChoice(on=date(2026, 10, 19), instead_at=near[-1])
    nowhere = commands.DateChoice(on=date(2026, 10, 26), instead_at=None)
    series = book(clinic, choices=(elsewhere, nowhere))
    assert [each.outcome for each in series["dates"]] == ["free", "free", "left-out", "free"]
    starts = [each.start_at.astimezone(ZONE) for each in series["appointments"]]
    assert starts == [NINE, near[-1], local("2026-11-02 09:00")]


@pytest.mark.requirement("34b")
def test_a_date_that_the_clock_skips_is_listed_and_not_moved_or_dropped(clinic: Any) -> None:
    """Seen red by: RFC 5545's way, an hour later; leaving the date out."""
    gap = local("2027-03-07 02:30")
    dates = check(clinic, start_at=gap, rrule="FREQ=WEEKLY;COUNT=2")
    assert outcomes(dates) == [("free", None), ("clash", "time-skipped")]
    assert dates[1].start_at is None
    assert all(time.start_at.astimezone(ZONE).date() == date(2027, 3, 14) for time in dates[1].proposals)
    with pytest.raises(SeriesClashes):
        book(clinic, start_at=gap, rrule="FREQ=WEEKLY;COUNT=2")


def test_choices_are_checked_against_the_other_dates_of_the_series(clinic: Any) -> None:
    """Two dates at one time are no series. Seen red by: dates that are checked against what is stored alone."""
    there = commands.DateChoice(on=date(2026, 10, 19), instead_at=NINE)
    assert outcomes(check(clinic, choices=(there,)))[1] == ("clash", "appointment-overlaps")
    with pytest.raises(SeriesClashes):
        book(clinic, choices=(there,))


def test_where_nothing_is_left_there_is_no_series(clinic: Any) -> None:
    none = tuple(
        commands.DateChoice(on=NINE.astimezone(ZONE).date() + each * WEEK, instead_at=None) for each in range(4)
    )
    with pytest.raises(SeriesEmpty):
        book(clinic, choices=none)


@pytest.mark.requirement("34a")
@pytest.mark.requirement("34c")
def test_a_change_of_this_and_the_following_leaves_what_was_before_and_what_is_off(clinic: Any) -> None:
    """From Monday at nine to Tuesday at half past ten. Seen red by: a change that reaches all; one that moves what is
    cancelled."""
    series = book(clinic)
    clinic.cancel(series["appointments"][3].appointment_id)
    moved = changed(clinic, series, 1, "following", local("2026-10-20 10:30"))
    assert outcomes(moved["dates"]) == [("free", None), ("free", None), ("stays", "cancelled")]
    assert now_of(clinic, series) == [
        ("10-12 09:00", "booked"),
        ("10-20 10:30", "booked"),
        ("10-27 10:30", "booked"),
        ("11-02 09:00", "cancelled"),
    ]
    told = rows(clinic, "SELECT count(*) FROM outbox WHERE type = 'appointment-rescheduled'")
    assert told == [(2,)]
    assert moved["version"] == 2


@pytest.mark.parametrize(("reach", "starts"), [("one", ["09:00", "15:00", "09:00"]), ("all", ["15:00"] * 3)])
def test_a_change_reaches_one_date_or_all(clinic: Any, reach: str, starts: list[str]) -> None:
    series = book(clinic, rrule="FREQ=WEEKLY;COUNT=3")
    changed(clinic, series, 1, reach, local("2026-10-19 15:00"))
    assert [time[-5:] for time, _ in now_of(clinic, series)] == starts


@pytest.mark.requirement("6a")
def test_a_change_of_all_is_at_the_new_time_by_the_wall_clock_across_both_changes(clinic: Any) -> None:
    """The named one moves across the autumn change. Seen red by: moving each by as many hours as that one."""
    series = book(clinic, rrule="FREQ=WEEKLY;COUNT=24")
    changed(clinic, series, 2, "all", local("2026-11-02 10:15"))
    assert {time[-5:] for time, _ in now_of(clinic, series)} == {"10:15"}


def test_dates_move_into_what_others_of_the_series_leave(clinic: Any) -> None:
    """All by a week, each to where the next one was. Seen red by: moving one row after another."""
    series = book(clinic)
    changed(clinic, series, 0, "all", NINE + WEEK)
    assert [time for time, _ in now_of(clinic, series)] == ["10-19 09:00", "10-26 09:00", "11-02 09:00", "11-09 09:00"]
    assert rows(clinic, "SELECT count(*) FROM bookings") == [(4,)]


@pytest.mark.requirement("34a")
@pytest.mark.requirement("34b")
def test_a_change_that_clashes_moves_nothing_until_each_clash_is_decided(clinic: Any) -> None:
    """Seen red by: moving what can be moved."""
    series = book(clinic)
    clinic.book(NINE + WEEK + HOUR)
    before = now_of(clinic, series)
    with pytest.raises(SeriesClashes) as refused:
        changed(clinic, series, 0, "all", NINE + HOUR)
    (clash,) = refused.value.details["clashes"]
    second = series["appointments"][1].appointment_id
    assert (clash["appointment_id"], clash["reason"]) == (str(second), "appointment-overlaps")
    assert now_of(clinic, series) == before
    stays = commands.AppointmentChoice(appointment_id=second, instead_at=None)
    moved = changed(clinic, series, 0, "all", NINE + HOUR, choices=(stays,))
    assert [each.outcome for each in moved["dates"]] == ["free", "stays", "free", "free"]
    assert [time[-5:] for time, _ in now_of(clinic, series)] == ["10:00", "09:00", "10:00", "10:00"]


def test_a_check_of_a_change_says_what_the_change_does_and_writes_nothing(clinic: Any) -> None:
    """Seen red by: a check that gives the time of what it read back."""
    series = book(clinic)
    clinic.book(NINE + WEEK + HOUR)
    everything = (
        "SELECT a.appointment_id, a.version, b.start_at FROM appointments a"
        " LEFT JOIN bookings b USING (appointment_id) ORDER BY 1"
    )
    before = rows(clinic, everything)
    named = {"series_id": series["series_id"], "appointment_id": series["appointments"][0].appointment_id}
    with clinic.uow() as uow:
        question = commands.ChangeSeries(**named, reach="all", start_at=NINE + HOUR)
        moved = operations.check_series_change(question, uow, clinic.clock)
        gone = operations.check_series_change(
            commands.CancelSeries(**named, reach="following", reason=""), uow, clinic.clock
        )
        uow.commit()
    assert [each.outcome for each in moved] == ["free", "clash", "free", "free"]
    assert [each.outcome for each in gone] == ["free"] * 4
    assert rows(clinic, everything) == before


@pytest.mark.requirement("34c")
def test_each_date_of_a_cancelled_series_is_cancelled_but_what_has_begun(clinic: Any) -> None:
    """Seen red by: cancelling what is checked in."""
    series = book(clinic)
    clinic.clock.instant = NINE
    clinic.one(operations.check_in, series["appointments"][0].appointment_id)
    gone = cancelled(clinic, series, 0, "all")
    assert outcomes(gone["dates"]) == [("stays", "arrived"), ("free", None), ("free", None), ("free", None)]
    assert [status for _, status in now_of(clinic, series)] == ["arrived", "cancelled", "cancelled", "cancelled"]
    assert rows(clinic, "SELECT count(*) FROM bookings") == [(1,)]
    with pytest.raises(SeriesEmpty):
        cancelled(clinic, series, 0, "all")


def test_what_is_of_another_series_site_or_version_is_refused(clinic: Any) -> None:
    """Seen red by: a change of whatever appointment is named; a series that is read without its site."""
    series, other = book(clinic), clinic.book(NINE + HOUR)
    strange = {**series, "appointments": [other]}
    with pytest.raises(NotOfSeries):
        changed(clinic, strange, 0, "one", NINE + 2 * HOUR)
    with pytest.raises(Stale):
        changed(clinic, series, 0, "one", NINE + 2 * HOUR, version=7)
    with pytest.raises(NotFound):
        changed(clinic, series, 0, "one", NINE + 2 * HOUR, practitioner_id=new_id())
    with clinic.uow(sites=frozenset({new_id()})) as uow, pytest.raises(NotFound):
        operations.read_series(series["series_id"], uow)


def test_what_the_check_misses_the_database_refuses_and_no_date_is_kept(
    clinic: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third of four is taken: the two before it are undone with it."""
    clinic.book(NINE + 2 * WEEK)
    honest = schedules.ScheduleRepository.all
    monkeypatch.setattr(
        schedules.ScheduleRepository,
        "all",
        lambda self, name, **params: [row | {"taken_by": None} for row in honest(self, name, **params)],
    )
    with pytest.raises(AppointmentOverlaps):
        book(clinic)
    assert rows(clinic, "SELECT count(*) FROM appointments") == [(1,)]
    assert rows(clinic, "SELECT count(*) FROM outbox WHERE type = 'appointment-booked'") == [(1,)]


def test_of_many_series_that_race_for_one_practitioner_each_is_whole_or_not_there(clinic: Any) -> None:
    """Ten that overlap one another in part: those that got in have all their dates. Seen red by: no lock of the
    resource."""

    def turn(number: int) -> UUID | None:
        days = (date(2026, 10, 12) + timedelta(days=number % 3), date(2026, 10, 16))
        start_at = local(f"{days[0]} 09:00")
        try:
            return UUID(str(book(clinic, start_at=start_at, rrule=None, dates=days)["series_id"]))
        except SeriesClashes:
            return None

    got_in = [each for each in all_at_once(turn, 20, together=10) if each]
    assert len(got_in) == 1  # all want the sixteenth at nine
    assert rows(clinic, "SELECT count(*), count(DISTINCT series_id) FROM appointments") == [(2, 1)]


def test_changes_of_series_and_of_their_dates_that_race_end_well_and_never_in_a_deadlock(clinic: Any) -> None:
    """Two series of one practitioner, moved whole and date by date at once: every date has its own time at the end.

    Seen red by: locks of resources before those of rows.
    """
    one, two = book(clinic), book(clinic, start_at=NINE + HOUR)

    def turn(number: int) -> str:
        series = (one, two)[number % 2]
        try:
            if number % 5 == 4:
                clinic.move(series["appointments"][number % 4].appointment_id, NINE + (number % 7) * DAY + 3 * HOUR)
            else:
                changed(clinic, series, number % 4, "all", NINE + (number % 6) * HOUR + (number % 3) * WEEK)
        except (SeriesClashes, AppointmentOverlaps) as no:
            return no.slug
        return "moved"

    assert "moved" in all_at_once(turn, 40, together=10)
    found = rows(
        clinic,
        "SELECT count(*) FROM appointments a JOIN bookings b USING (network_id, appointment_id)"
        " WHERE (a.start_at, a.end_at) = (b.start_at, b.end_at)",
    )
    assert found == [(8,)]
