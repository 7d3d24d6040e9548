"""Working hours on the wall clock of a site."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.scheduling.domain.errors import ImpossibleHours
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.working_hours import WeeklyHours, WorkingHours, checked_week

CHICAGO = ZoneInfo("America/Chicago")


def week(*stretches: tuple[int, float, float]) -> tuple[WeeklyHours, ...]:
    return tuple(
        WeeklyHours(weekday=day, starts=int(starts * 60), ends=int(ends * 60)) for day, starts, ends in stretches
    )


def hours(*stretches: tuple[int, float, float]) -> WorkingHours:
    return WorkingHours(practitioner_id=UUID(int=1), site_id=UUID(int=2), weekly=week(*stretches))


def lasting(start: str, minutes: int) -> TimeRange:
    start_at = datetime.fromisoformat(start).replace(tzinfo=CHICAGO).astimezone(UTC)
    return TimeRange.lasting(start_at, timedelta(minutes=minutes))


def test_weekly_hours_stay_at_their_local_hour_across_both_changes() -> None:
    sundays = hours((7, 9, 17)).times(date(2026, 3, 1), date(2026, 11, 8), CHICAGO)
    assert {each.start_at.astimezone(CHICAGO).hour for each in sundays} == {9}
    assert {each.length for each in sundays} == {timedelta(hours=8)}
    assert {each.start_at.hour for each in sundays} == {14, 15}


def test_work_that_goes_on_over_midnight_is_one_range() -> None:
    night = hours((1, 22, 24), (2, 0, 6))
    assert night.cover(lasting("2026-11-23 23:30", 60), CHICAGO)
    assert not night.cover(lasting("2026-11-24 23:30", 60), CHICAGO)


def test_an_appointment_must_end_within_the_hours() -> None:
    monday = hours((1, 9, 12), (1, 13, 17))
    assert monday.cover(lasting("2026-11-23 11:30", 30), CHICAGO)
    assert not monday.cover(lasting("2026-11-23 11:31", 30), CHICAGO)
    assert not monday.cover(lasting("2026-11-23 12:00", 60), CHICAGO)


@pytest.mark.parametrize("stretches", [[(1, 9, 9)], [(1, 17, 9)], [(1, 9, 12), (1, 11, 13)], [(1, 9, 25)]])
def test_hours_that_cannot_be_are_refused(stretches: list[tuple[int, float, float]]) -> None:
    with pytest.raises(ImpossibleHours):
        checked_week(week(*stretches))
