"""Which days and instants a series means, and what is proposed where one cannot be had."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.scheduling.domain.errors import ImpossibleSeries
from services.scheduling.domain.near_times import nearest_free_times
from services.scheduling.domain.schedule import Today
from services.scheduling.domain.series import MAX_DATES, at_wall_clock, days_of_series, wall_clock
from services.scheduling.domain.series_dates import is_changeable, staying
from tests.unit.scheduling.making import NOW, TODAY, ZONE, at, booked, schedule, taken, wish

NINE = at("2026-10-12 09:00")


def days(rrule: str | None = None, *dates: date, start_at: datetime = NINE) -> list[date]:
    return days_of_series(start_at, rrule, dates, ZONE)


@pytest.mark.requirement("6a")
def test_a_weekly_visit_is_at_nine_by_the_sites_clock_across_both_changes() -> None:
    """Seen red by: the first instant plus so many weeks of 168 hours."""
    found = days("FREQ=WEEKLY;COUNT=24")
    instants = [at_wall_clock(day, wall_clock(NINE, ZONE), ZONE) for day in found]
    assert [instant.astimezone(ZONE).strftime("%H:%M %a") for instant in instants if instant] == ["09:00 Mon"] * 24
    assert {instant.hour for instant in instants if instant} == {13, 14}  # in UTC, summer and winter


def test_a_time_that_the_clock_skips_is_none_and_one_that_it_repeats_is_the_first() -> None:
    """Seen red by: a time in the gap that is moved on an hour; the second pass."""
    half_past_two, half_past_one = timedelta(hours=2, minutes=30), timedelta(hours=1, minutes=30)
    assert at_wall_clock(date(2027, 3, 14), half_past_two, ZONE) is None
    assert at_wall_clock(date(2026, 11, 1), half_past_one, ZONE) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert at_wall_clock(date(2011, 12, 30), half_past_one, ZoneInfo("Pacific/Apia")) is None


def test_the_days_of_a_list_begin_with_that_of_the_start_and_each_counts_once() -> None:
    later, first = date(2026, 12, 1), date(2026, 10, 12)
    assert days(None, later, later, first) == [first, later]


@pytest.mark.parametrize(
    ("rrule", "dates", "field", "words"),
    [
        ("FREQ=WEEKLY", (), "rrule", "COUNT or UNTIL"),
        (f"FREQ=DAILY;COUNT={MAX_DATES + 1}", (), "rrule", "more than"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=3", (), "rrule", "start_at"),
        ("FREQ=HOURLY;COUNT=3", (), "rrule", "FREQ"),
        ("every monday", (), "rrule", ""),
        ("FREQ=YEARLY;COUNT=5", (), "rrule", "three years"),
        (None, (date(2026, 10, 11),), "dates", "before"),
        (None, (date(2030, 1, 1),), "dates", "three years"),
        (None, tuple(date(2026, 11, 1) + timedelta(days=each) for each in range(MAX_DATES)), "dates", "at most"),
    ],
)
def test_what_no_series_can_be_is_refused_by_its_field(
    rrule: str | None, dates: tuple[date, ...], field: str, words: str
) -> None:
    """Seen red by: leaving out each of the checks."""
    with pytest.raises(ImpossibleSeries) as refused:
        days(rrule, *dates)
    (error,) = refused.value.errors
    assert error["field"] == field
    assert words in error["message"]


def test_the_nearest_free_times_are_proposed_earlier_ones_too_and_none_that_has_passed() -> None:
    """Seen red by: the first from the wanted time on; the first of the day."""
    full = schedule(taken("2026-11-25 11:00", 60), taken("2026-11-25 14:00", 180))
    wanted = wish("2026-11-25 14:00")
    found = [time.start_at for time in nearest_free_times(full, {}, wanted, TODAY)]
    assert found == [at(f"2026-11-25 {start}") for start in ("10:30", "12:00", "12:30", "13:00", "13:30")]
    late = at("2026-11-25 13:10")
    assert all(time.start_at >= late for time in nearest_free_times(full, {}, wanted, Today(now=late)))


def test_what_has_begun_or_is_off_stays_and_says_why() -> None:
    """Seen red by: a change that reaches what is over."""
    mine = booked("2026-11-23 09:00")
    assert is_changeable(mine, NOW)
    assert staying(mine, NOW).reason is None
    assert staying(mine, at("2026-11-23 09:00")).reason == "time-has-come"
    mine.cancel("asked", NOW)
    assert not is_changeable(mine, NOW)
    assert (staying(mine, NOW).outcome, staying(mine, NOW).reason) == ("stays", "cancelled")
