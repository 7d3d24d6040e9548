"""Working time: patterns, stays, extra time, leave, opening hours and closures, on every day of the calendar."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.scheduling.domain.errors import ImpossibleHours
from services.scheduling.domain.opening import Opening, OpeningWeek, checked_weeks
from services.scheduling.domain.patterns import Pattern, Stay, checked_patterns, checked_stays
from services.scheduling.domain.spans import Span, checked_span
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.weeks import WeeklyHours
from services.scheduling.domain.working_hours import WorkingHours
from shared.recurrence import WEEKDAYS

HERE = UUID(int=1)
NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 11, 23)
# Source: npm moment-timezone 0.6.6 (tzdata 2026f, MIT). The checkout holds nine zones of its 36.
EVERY_CHANGE = Path(__file__).parents[4] / "shared/data/vectors/tz/transitions-2015-2037.json"
NINE_ZONES = Path(__file__).with_name("dst-changes.json")


def changes() -> dict[str, list[str]]:
    if EVERY_CHANGE.exists():
        zones = json.loads(EVERY_CHANGE.read_text("utf-8"))["zones"]
        return {zone: [one["utc"] for one in found] for zone, found in zones.items()}
    return {zone: [one[0] for one in found] for zone, found in json.loads(NINE_ZONES.read_text("utf-8")).items()}


CHANGES = changes()


def hours(**more: object) -> WorkingHours:
    return WorkingHours(practitioner_id=HERE, site_id=HERE, **more)  # type: ignore[arg-type]


def nine_to_five(**more: object) -> WorkingHours:
    return hours(weekly=week(1, 2, 3, 4, 5), **more)


def week(*days: int, starts: int = 540, ends: int = 1020) -> tuple[WeeklyHours, ...]:
    return tuple(WeeklyHours(weekday=day, starts=starts, ends=ends) for day in days)


def shown(found: list[TimeRange], zone: ZoneInfo = NEW_YORK) -> list[str]:
    """Ranges by the wall clock: `23 09:00-17:00`."""
    local = [(each.start_at.astimezone(zone), each.end_at.astimezone(zone)) for each in found]
    return [f"{start:%d %H:%M}-{end:%H:%M}" for start, end in local]


def times(of: WorkingHours, first: date = MONDAY, days: int = 1) -> list[str]:
    return shown(of.times(first, first + timedelta(days=days - 1), NEW_YORK))


def test_a_pattern_works_on_the_days_of_its_rule_from_its_first_to_its_last() -> None:
    every_other = Pattern(
        rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", starts=540, ends=600, from_on=MONDAY, until_on=date(2026, 12, 20)
    )
    assert times(hours(patterns=(every_other,)), date(2026, 11, 9), 60) == ["23 09:00-10:00", "07 09:00-10:00"]


def test_new_hours_from_a_day_on_leave_the_days_before_as_they_were() -> None:
    """Seen red by: the old week forgotten; the new one in force at once."""
    new = nine_to_five().replaced(week(1, starts=600, ends=660), (), date(2026, 11, 25))
    assert times(new, MONDAY, 8) == ["23 09:00-17:00", "24 09:00-17:00", "30 10:00-11:00"]
    assert new.week_on(MONDAY) == week(1, 2, 3, 4, 5)
    assert new.week_on(date(2026, 11, 25)) == week(1, starts=600, ends=660)


def test_who_stays_from_one_day_to_another_works_on_those_days_alone() -> None:
    locum = nine_to_five(stays=(Stay(from_on=date(2026, 11, 24), until_on=date(2026, 11, 25)),))
    assert times(locum, MONDAY, 7) == ["24 09:00-17:00", "25 09:00-17:00"]


def test_extra_time_adds_and_leave_and_blocked_time_take_away() -> None:
    changed = nine_to_five(
        extra=(Span(from_on=MONDAY, until_on=MONDAY, starts=1020, ends=1140),),
        off=(
            Span(from_on=MONDAY, until_on=MONDAY, starts=720, ends=780),
            Span(start_at=datetime(2026, 11, 23, 23, 30, tzinfo=UTC), end_at=datetime(2026, 11, 24, 15, tzinfo=UTC)),
        ),
    )
    assert times(changed, MONDAY, 2) == ["23 09:00-12:00", "23 13:00-18:30", "24 10:00-17:00"]


def test_nobody_works_while_the_site_is_closed() -> None:
    opening = Opening(
        weeks=(
            OpeningWeek(from_on=None, weekly=week(1, 2, starts=480, ends=720)),
            OpeningWeek(from_on=date(2026, 11, 30), weekly=week(1, starts=600, ends=900)),
        ),
        closed=(Span(from_on=date(2026, 11, 24), until_on=date(2026, 11, 24)),),
    )
    assert times(nine_to_five(opening=opening), MONDAY, 8) == ["23 09:00-12:00", "30 10:00-15:00"]


def test_a_week_that_is_empty_cuts_nothing() -> None:
    opening = Opening(weeks=(OpeningWeek(from_on=None, weekly=()),))
    assert times(nine_to_five(opening=opening)) == ["23 09:00-17:00"]


def test_a_room_is_there_whenever_the_site_is_open_and_it_is_not_blocked() -> None:
    room = hours(
        all_day=True,
        opening=Opening(weeks=(OpeningWeek(from_on=None, weekly=week(1, starts=480, ends=720)),)),
        off=(Span(from_on=MONDAY, until_on=MONDAY, starts=540, ends=600),),
    )
    assert times(room) == ["23 08:00-09:00", "23 10:00-12:00"]
    assert times(hours(all_day=True), MONDAY, 2) == ["23 00:00-00:00"]


def test_a_visit_over_midnight_lies_in_the_time_of_both_days() -> None:
    """Seen red by: opening hours that were cut day by day."""
    night = Opening(weeks=(OpeningWeek(from_on=None, weekly=week(1, 2, starts=0, ends=1440)),))
    around = hours(patterns=(Pattern(rrule="FREQ=WEEKLY;BYDAY=MO,TU", starts=0, ends=1440),), opening=night)
    start_at = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)  # Monday 23:30
    assert around.cover(TimeRange.lasting(start_at, timedelta(hours=1)), NEW_YORK)


@pytest.mark.parametrize(
    ("pattern", "field"),
    [
        (Pattern(rrule="FREQ=HOURLY", starts=0, ends=60), "patterns.0.rrule"),
        (Pattern(rrule="FREQ=MONTHLY;BYDAY=1MO", starts=0, ends=60), "patterns.0.from_on"),
        (Pattern(rrule="FREQ=WEEKLY;BYDAY=MO", starts=60, ends=60), "patterns.0.ends"),
        (
            Pattern(rrule="FREQ=WEEKLY;BYDAY=MO", starts=0, ends=60, from_on=MONDAY, until_on=date(2026, 1, 1)),
            "patterns.0.until_on",
        ),
        (
            Pattern(rrule="FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2", starts=0, ends=60, from_on=MONDAY),
            "patterns.0.rrule",
        ),
    ],
)
def test_a_pattern_that_cannot_be_is_refused_by_its_field(pattern: Pattern, field: str) -> None:
    with pytest.raises(ImpossibleHours) as refused:
        checked_patterns((pattern,), None)
    assert refused.value.errors[0]["field"] == field


@pytest.mark.parametrize(
    "span",
    [
        Span(),
        Span(from_on=MONDAY, start_at=datetime(2026, 11, 23, tzinfo=UTC)),
        Span(from_on=MONDAY, until_on=date(2026, 11, 22)),
        Span(from_on=MONDAY, until_on=date(2126, 11, 22)),
        Span(from_on=MONDAY, starts=600, ends=600),
        Span(start_at=datetime(2026, 11, 23, tzinfo=UTC)),
        Span(start_at=datetime(2026, 11, 23, tzinfo=UTC), end_at=datetime(2026, 11, 23, tzinfo=UTC)),
    ],
)
def test_a_span_that_cannot_be_is_refused(span: Span) -> None:
    with pytest.raises(ImpossibleHours):
        checked_span(span)


def test_stays_and_opening_weeks_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ImpossibleHours):
        checked_stays((Stay(from_on=MONDAY), Stay(from_on=date(2026, 12, 1), until_on=date(2026, 12, 2))))
    with pytest.raises(ImpossibleHours):
        checked_weeks((OpeningWeek(from_on=None, weekly=()), OpeningWeek(from_on=None, weekly=week(1))))


@st.composite
def stretches(draw: st.DrawFn) -> tuple[int, int]:
    """Any minutes of a day; often some of the small hours, in which clocks change."""
    first = draw(st.one_of(st.integers(0, 240), st.integers(0, 1439)))
    return first, draw(st.integers(first + 1, 1440))


@st.composite
def scenes(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Minutes of a pattern, of extra time, of leave, of opening hours and of a closure."""
    return tuple(draw(stretches()) for _ in range(5))


@pytest.mark.requirement("6a")
@pytest.mark.requirement("6b")
@pytest.mark.requirement("6c")
@pytest.mark.parametrize("zone", CHANGES)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scene=scenes())
def test_around_every_change_of_the_clock_work_is_when_the_wall_clock_says_so(
    zone: str, scene: tuple[tuple[int, int], ...]
) -> None:
    """An instant is working time if and only if the site's clock shows a time of the pattern or of the extra time, of
    the opening hours, and neither of leave nor of a closure: looked up instant by instant, the other way round.

    Seen red by: both ends of a stretch converted by the offset of its first.
    """
    info = ZoneInfo(zone)
    pattern, extra, leave, opening, closure = scene
    for at in CHANGES[zone]:
        change = datetime.fromisoformat(at).astimezone(UTC)
        day = change.astimezone(info).date()
        made = _around(day, scene)
        work = made.times(day - timedelta(days=1), day + timedelta(days=1), info)
        assert all(a.end_at < b.start_at for a, b in pairwise(work))
        for instant in _instants(change):
            local = instant.astimezone(info)
            if abs((local.date() - day).days) > 1:
                continue
            minute = local.hour * 60 + local.minute
            on_the_day = local.date() == day
            works = _in(minute, pattern) or (on_the_day and _in(minute, extra))
            off = on_the_day and (_in(minute, leave) or _in(minute, closure))
            expected = works and _in(minute, opening) and not off
            assert expected == any(each.start_at <= instant < each.end_at for each in work), (zone, instant)


def _around(day: date, scene: tuple[tuple[int, int], ...]) -> WorkingHours:
    pattern, extra, leave, opening, closure = scene

    def on_the_day(minutes: tuple[int, int]) -> tuple[Span, ...]:
        return (Span(from_on=day, until_on=day, starts=minutes[0], ends=minutes[1]),)

    eve = day - timedelta(days=1)
    return hours(
        patterns=(Pattern(rrule="FREQ=DAILY", starts=pattern[0], ends=pattern[1], from_on=eve),),
        extra=on_the_day(extra),
        off=on_the_day(leave),
        opening=Opening(
            weeks=(OpeningWeek(from_on=None, weekly=week(*range(1, 8), starts=opening[0], ends=opening[1])),),
            closed=on_the_day(closure),
        ),
    )


def _instants(change: datetime) -> list[datetime]:
    """Every 20 minutes of two days around it, and each minute's half hour next to it."""
    near = [change + timedelta(minutes=minute) for minute in range(-3, 4)]
    return [*near, *(change + timedelta(minutes=20 * step) for step in range(-72, 72))]


def _in(minute: int, stretch: tuple[int, int]) -> bool:
    return stretch[0] <= minute < stretch[1]


@settings(max_examples=200, deadline=None)
@given(
    weekdays=st.sets(st.integers(1, 7), min_size=1),
    first=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    days=st.integers(0, 60),
)
def test_the_quick_way_for_plain_weeks_says_what_the_rule_says(weekdays: set[int], first: date, days: int) -> None:
    """Seen red by: weekdays counted from Sunday."""
    rule = "FREQ=WEEKLY;BYDAY=" + ",".join(WEEKDAYS[day - 1] for day in sorted(weekdays))
    quick = Pattern(rrule=rule, starts=0, ends=60, from_on=first)
    slow = Pattern(rrule=rule + ";INTERVAL=1", starts=0, ends=60, from_on=first)
    day = first + timedelta(days=days)
    assert quick.holds_on(day) == slow.holds_on(day)
