"""When a text may go: never by night or on a day off in any of the zones, and no later than it must."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.quiet_hours import QuietHours, instants_at

NIGHT = QuietHours()
NEW_YORK, LOS_ANGELES, SYDNEY = "America/New_York", "America/Los_Angeles", "Australia/Sydney"
# Jumps over midnight, by half an hour, and over an hour that a network may have set.
ODD_ZONES = (NEW_YORK, LOS_ANGELES, "America/Santiago", "Australia/Lord_Howe", "Europe/Paris", "Africa/Cairo")
VECTORS = Path(__file__).parents[4] / "shared" / "data" / "vectors" / "tz" / "transitions-2015-2037.json"


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "site", "others", "allowed"),
    [
        (local("2026-11-24 10:00", NEW_YORK), NEW_YORK, (), local("2026-11-24 10:00", NEW_YORK)),
        (local("2026-11-24 20:59:59", NEW_YORK), NEW_YORK, (), local("2026-11-24 20:59:59", NEW_YORK)),
        (local("2026-11-24 21:00", NEW_YORK), NEW_YORK, (), local("2026-11-25 08:00", NEW_YORK)),
        (local("2026-11-24 07:59:59", NEW_YORK), NEW_YORK, (), local("2026-11-24 08:00", NEW_YORK)),
        # The patient is three hours behind: both have to be awake.
        (local("2026-11-24 09:00", NEW_YORK), NEW_YORK, (LOS_ANGELES,), local("2026-11-24 11:00", NEW_YORK)),
        (local("2026-11-24 22:00", NEW_YORK), NEW_YORK, (LOS_ANGELES,), local("2026-11-25 11:00", NEW_YORK)),
        # The night before the clocks go forward is an hour shorter, the other an hour longer.
        (local("2026-03-07 22:00", NEW_YORK), NEW_YORK, (), datetime(2026, 3, 8, 12, tzinfo=UTC)),
        (local("2026-10-31 22:00", NEW_YORK), NEW_YORK, (), datetime(2026, 11, 1, 13, tzinfo=UTC)),
    ],
)
def test_what_falls_into_quiet_hours_may_go_when_they_are_over_everywhere(
    now: datetime, site: str, others: tuple[str, ...], allowed: datetime
) -> None:
    """Seen red by: only the site's zone asked."""
    assert NIGHT.next_allowed(now, site, others) == allowed


def test_sundays_and_the_sites_holidays_are_quiet_where_the_network_says_so() -> None:
    saturday_night = local("2026-11-28 22:00", NEW_YORK)
    monday = date(2026, 11, 30)
    assert NIGHT.next_allowed(saturday_night, NEW_YORK) == local("2026-11-29 08:00", NEW_YORK)
    both = QuietHours(sundays=True)
    assert both.next_allowed(saturday_night, NEW_YORK, (), {monday}) == local("2026-12-01 08:00", NEW_YORK)
    loud = QuietHours(sundays=True, holidays=False)
    assert loud.next_allowed(saturday_night, NEW_YORK, (), {monday}) == local("2026-11-30 08:00", NEW_YORK)


def test_where_nobody_is_ever_awake_together_there_is_no_time() -> None:
    quiet = QuietHours(starts=time(10), ends=time(9))
    assert quiet.next_allowed(local("2026-11-24 12:00", NEW_YORK), NEW_YORK, (SYDNEY,)) is None


def test_a_time_that_the_clock_jumps_over_is_the_jump_and_one_that_comes_twice_is_both() -> None:
    """Seen red by: fold 0 alone."""
    zone = ZoneInfo(NEW_YORK)
    assert instants_at(date(2026, 3, 8), time(2, 30), zone) == [datetime(2026, 3, 8, 7, tzinfo=UTC)]
    assert instants_at(date(2026, 11, 1), time(1, 30), zone) == [
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
        datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
    ]


MINUTES = st.builds(lambda minutes: time(minutes // 60, minutes % 60), st.integers(0, 1439))
QUIET = st.builds(QuietHours, starts=MINUTES, ends=MINUTES, sundays=st.booleans(), holidays=st.booleans())


def is_quiet(quiet: QuietHours, at: datetime, zone: str, closed_on: set[date]) -> bool:
    """The rule again, plainly."""
    wall = at.astimezone(ZoneInfo(zone))
    first, last, clock = quiet.starts, quiet.ends, wall.time()
    night = first <= clock < last if first <= last else clock >= first or clock < last
    return night or (quiet.sundays and wall.strftime("%a") == "Sun") or (quiet.holidays and wall.date() in closed_on)


@settings(max_examples=150, deadline=None)
@given(
    quiet=QUIET,
    day=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    minute=st.integers(0, 1439),
    site=st.sampled_from(ODD_ZONES),
    others=st.lists(st.sampled_from(ODD_ZONES), max_size=2),
    days_off=st.sets(st.integers(0, 2)),
)
def test_no_minute_before_it_was_allowed_and_it_is(
    quiet: QuietHours, day: date, minute: int, site: str, others: list[str], days_off: set[int]
) -> None:
    """Seen red by: `_changes` of the present day alone."""
    check(quiet, datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute), site, others, days_off)


def check(quiet: QuietHours, now: datetime, site: str, others: list[str], days_off: set[int]) -> None:
    closed_on = {now.date() + timedelta(days=n) for n in days_off}
    allowed = quiet.next_allowed(now, site, others, closed_on)
    zones = [(site, closed_on), *((zone, set[date]()) for zone in others)]
    quiet_at = lambda at: any(is_quiet(quiet, at, zone, off) for zone, off in zones)  # noqa: E731
    assert allowed is None or not quiet_at(allowed)
    minutes = int(((allowed or now + timedelta(days=14)) - now) / timedelta(minutes=1))
    assert all(quiet_at(now + timedelta(minutes=n)) for n in range(minutes))


@pytest.mark.skipif(not VECTORS.exists(), reason="the vectors of time zones are not part of the repository")
def test_the_night_ends_at_eight_by_the_wall_clock_at_every_change_of_every_zone() -> None:
    for zone, changes in json.loads(VECTORS.read_text("utf-8"))["zones"].items():
        for change in changes:
            at = datetime.fromisoformat(change["utc"])
            for before in (timedelta(hours=-20), timedelta(hours=-3), timedelta(), timedelta(minutes=30)):
                allowed = NIGHT.next_allowed(at + before, zone)
                assert allowed
                wall = allowed.astimezone(ZoneInfo(zone))
                assert allowed == at + before or (wall.hour, wall.minute) == (8, 0)
                assert time(8) <= wall.time() < time(21)
