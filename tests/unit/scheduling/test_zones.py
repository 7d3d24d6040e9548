"""Wall-clock time and the instants that it stands for."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.scheduling.domain.errors import UnknownZone
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.zones import day_range, instants_of, zone_of

NEW_YORK = ZoneInfo("America/New_York")


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def test_an_ordinary_day_has_its_wall_clock_hours() -> None:
    assert instants_of(date(2026, 11, 23), hours(9), hours(17), NEW_YORK) == [
        TimeRange(datetime(2026, 11, 23, 14, tzinfo=UTC), datetime(2026, 11, 23, 22, tzinfo=UTC))
    ]


def test_a_wall_clock_time_that_spring_skips_stands_for_no_instant() -> None:
    assert instants_of(date(2026, 3, 8), hours(2), hours(3), NEW_YORK) == []


def test_the_hour_that_autumn_repeats_stands_for_two_hours() -> None:
    (both,) = instants_of(date(2026, 11, 1), hours(1), hours(2), NEW_YORK)
    assert both.length == hours(2)


def test_half_of_the_repeated_hour_stands_for_two_distinct_ranges() -> None:
    first, second = instants_of(date(2026, 11, 1), hours(1.5), hours(2), NEW_YORK)
    assert first.length == second.length == hours(0.5)
    assert second.start_at - first.start_at == hours(1)


@pytest.mark.parametrize(("day", "length"), [("2026-03-08", 23), ("2026-11-01", 25), ("2026-07-01", 24)])
def test_a_day_is_as_long_as_the_zone_says(day: str, length: int) -> None:
    assert day_range(date.fromisoformat(day), NEW_YORK).length == hours(length)


def test_a_day_that_begins_at_one_begins_at_one() -> None:
    """Cairo changes at midnight: 2026-04-24 has no 00:00."""
    cairo = ZoneInfo("Africa/Cairo")
    assert day_range(date(2026, 4, 24), cairo).start_at.astimezone(cairo).hour == 1


@pytest.mark.parametrize("name", ["Mars/Olympus", "EST5EDT", "", "../etc/passwd", "localtime"])
def test_only_iana_zones_are_known(name: str) -> None:
    with pytest.raises(UnknownZone):
        zone_of(name)
