"""How figures cut time into periods, and what of it is worked."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.scheduling.domain.figures import Period, periods, working_minutes
from shared.figure_days import Days
from tests.unit.scheduling.making import schedule

DAY = timedelta(days=1)
DAYS = st.dates(date(1999, 1, 1), date(2040, 1, 1))


@given(first=DAYS, length=st.integers(0, 99), period=st.sampled_from(["all", "day", "week", "month"]))
def test_periods_are_the_days_without_a_gap_and_each_lies_in_one_week_or_month(
    first: date, length: int, period: Period
) -> None:
    """Seen red by: weeks that begin on Sunday; months of 30 days."""
    whole = Days(first, first + length * DAY)
    cut = periods(whole, period)
    assert (cut[0].first, cut[-1].last) == (whole.first, whole.last)
    assert all(earlier.last + DAY == later.first for earlier, later in pairwise(cut))
    name = {"all": lambda _: 0, "day": lambda day: day, "week": iso_week, "month": lambda day: (day.year, day.month)}
    assert [name[period](days.first) for days in cut] == sorted({name[period](days.first) for days in cut})
    assert all(name[period](days.first) == name[period](days.last) for days in cut)


def iso_week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def test_working_minutes_count_each_lane() -> None:
    made, week = schedule(lanes=3), Days(date(2026, 11, 23), date(2026, 11, 29))
    assert working_minutes(made.hours, week, made.site.zone_info) == 5 * 8 * 60 * 3
