"""Free times: never overlapping, inside working time, of the right length, on every day of the year."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduling.domain.lanes import Booking, busy_lanes, free_lane
from services.scheduling.domain.starts import Extent, common, offers, possible_starts
from services.scheduling.domain.time_range import TimeRange, merged
from services.scheduling.domain.working_hours import WeeklyHours, WorkingHours

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
TRANSITIONS = json.loads(Path(__file__).with_name("dst-changes.json").read_text(encoding="utf-8"))


def minutes(start: int, end: int) -> TimeRange:
    return TimeRange(MONDAY + timedelta(minutes=start), MONDAY + timedelta(minutes=end))


def booked(start: int, end: int, *, lane: int = 1, site: UUID = HERE) -> Booking:
    return Booking(taken_by=UUID(int=9), site_id=site, lane=lane, during=minutes(start, end))


def offered(working: list[TimeRange], taken: list[Booking], lanes: int = 1, length: int = 20) -> list[TimeRange]:
    return offers_of(working, busy_lanes(taken, HERE, lanes), Extent(length=timedelta(minutes=length)))


def offers_of(working: list[TimeRange], busy: list[list[TimeRange]], extent: Extent) -> list[TimeRange]:
    starts = common([possible_starts(working, lane, extent) for lane in busy], 1)
    return [extent.visit(start) for start in offers(starts, extent)]


def test_offers_follow_the_length_of_the_type_and_no_grid() -> None:
    assert offered([minutes(540, 600)], [], length=25) == [minutes(540, 565), minutes(565, 590)]


def test_an_offer_starts_where_what_is_taken_ends() -> None:
    assert offered([minutes(540, 600)], [booked(550, 567)]) == [minutes(567, 587)]


def test_a_second_lane_offers_what_the_first_has_taken() -> None:
    assert offered([minutes(540, 560)], [booked(540, 560)], lanes=2) == [minutes(540, 560)]


def test_a_practitioner_who_is_busy_at_another_site_is_busy_in_every_lane() -> None:
    assert offered([minutes(540, 560)], [booked(540, 560, site=ELSEWHERE)], lanes=2) == []


def test_a_booking_in_a_lane_that_was_given_up_still_takes_its_time() -> None:
    assert offered([minutes(540, 560)], [booked(540, 560, lane=3)], lanes=1) == []


@st.composite
def stretches(draw: st.DrawFn) -> TimeRange:
    start = draw(st.integers(0, 600))
    return minutes(start, start + draw(st.integers(1, 120)))


BOOKINGS = st.lists(
    st.builds(
        Booking,
        taken_by=st.just(UUID(int=9)),
        site_id=st.sampled_from([HERE, ELSEWHERE]),
        lane=st.integers(1, 3),
        during=stretches(),
    ),
    max_size=12,
)


@given(st.lists(stretches(), max_size=4), BOOKINGS, st.integers(1, 3), st.integers(1, 90))
@settings(max_examples=300, deadline=None)
def test_offers_never_overlap_and_lie_free_inside_working_time(
    working: list[TimeRange], taken: list[Booking], lanes: int, length: int
) -> None:
    """Seen red by: leaving the end of work unasked."""
    work = merged(working)
    found = offered(work, taken, lanes, length)
    busy = busy_lanes(taken, HERE, lanes)
    assert all(a.end_at <= b.start_at for a, b in pairwise(found))
    assert all(offer.length == timedelta(minutes=length) for offer in found)
    assert all(any(each.holds(offer) for each in work) for offer in found)
    assert all(free_lane(offer, busy) is not None for offer in found)


@given(st.lists(stretches(), max_size=3), BOOKINGS, st.integers(1, 3), st.integers(5, 60))
@settings(max_examples=200, deadline=None)
def test_nothing_free_is_left_out(working: list[TimeRange], taken: list[Booking], lanes: int, length: int) -> None:
    """Between two offers no other appointment of that length would fit, minute by minute."""
    work = merged(working)
    found = offered(work, taken, lanes, length)
    busy = busy_lanes(taken, HERE, lanes)
    for each in work:
        at = each.start_at
        while (wanted := TimeRange.lasting(at, timedelta(minutes=length))).end_at <= each.end_at:
            fits = free_lane(wanted, busy) is not None
            assert not fits or any(offer.overlaps(wanted) for offer in found)
            at += timedelta(minutes=1)


@pytest.mark.requirement("6b")
@pytest.mark.requirement("6c")
@pytest.mark.parametrize("zone", TRANSITIONS)
def test_at_every_change_of_the_clock_offers_are_real_distinct_and_whole(zone: str) -> None:
    """A practitioner who works round the clock gets an offer for every instant of the day, each once.

    Source of the changes: npm moment-timezone 0.6.6 (tzdata 2026f, MIT). Seen red by: the
    machine's own, older zones.
    """
    info = ZoneInfo(zone)
    week = tuple(WeeklyHours(weekday=day, starts=0, ends=24 * 60) for day in range(1, 8))
    hours = WorkingHours(practitioner_id=HERE, site_id=HERE, weekly=week)
    for at, before, after in TRANSITIONS[zone]:
        change = datetime.fromisoformat(at)
        day = change.astimezone(info).date()
        work = hours.times(day - timedelta(days=1), day + timedelta(days=1), info)
        found = offers_of(work, [[]], Extent(length=timedelta(minutes=15)))
        assert len(work) == 1
        assert all(a.end_at == b.start_at for a, b in pairwise(found))
        assert {before, after} == {offset(found, change, info, -1), offset(found, change, info, 1)}
        assert all(is_shown(offer.start_at, info) for offer in found)


def offset(offers: list[TimeRange], change: datetime, zone: ZoneInfo, side: int) -> int:
    """The offset in minutes of the offer next to the change."""
    near = [o.start_at for o in offers if (o.start_at >= change) == (side > 0)]
    at = min(near, key=lambda each: abs(each - change)).astimezone(zone).utcoffset()
    return int((at or timedelta()).total_seconds() // 60)


def is_shown(instant: datetime, zone: ZoneInfo) -> bool:
    """Whether the zone's clock really shows that wall-clock time at that instant."""
    return instant.astimezone(zone).astimezone(UTC) == instant


@pytest.mark.requirement("6a")
def test_a_visit_every_week_at_nine_stays_at_nine_in_two_zones() -> None:
    """Seen red by: January's offset from UTC all the year."""
    week = (WeeklyHours(weekday=1, starts=9 * 60, ends=10 * 60),)
    hours = WorkingHours(practitioner_id=HERE, site_id=HERE, weekly=week)
    for name in ("America/New_York", "America/Phoenix"):
        zone = ZoneInfo(name)
        for work in hours.times(date(2026, 1, 1), date(2026, 12, 31), zone):
            assert work.start_at.astimezone(zone).hour == 9
            assert work.length == timedelta(hours=1)
