"""Who is offered what, against a plain reference that goes minute by minute."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduling.domain.free_days import free_days, working_days
from services.scheduling.domain.schedule import Schedule
from services.scheduling.domain.search import DayOf, FoundTime, OtherDay
from services.scheduling.domain.starts import Extent
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.waitlist import (
    FIRST_COME,
    Claim,
    Desk,
    FreeOf,
    Match,
    Waiting,
    WaitlistPolicy,
    local_days,
    matched,
)
from services.scheduling.domain.working_hours import WeeklyHours
from tests.unit.scheduling.making import NOW, PRACTITIONER, SITE, VISIT, ZONE, at, schedule, taken
from tests.unit.scheduling.waiting import waiting

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
DAY = TimeRange(at("2026-11-24 00:00"), at("2026-11-25 00:00"))
GROUP = WaitlistPolicy(mode=FIRST_COME, group_size=2)


def free_of(of: Schedule, during: TimeRange, claimed: Sequence[Claim] = (), others: Sequence[OtherDay] = ()) -> FreeOf:
    """As free time is kept: a row for each lane of each working day."""
    first, last = local_days(during, ZONE)
    working = working_days(of.hours.times(first, last + _DAY, ZONE), first, last, ZONE)
    days = [
        DayOf(
            resource_id=PRACTITIONER,
            site_id=SITE,
            on_day=day.on_day,
            lane=day.lane,
            working=day.working,
            taken=day.taken,
        )
        for day in free_days(working, of.taken, SITE, of.hours.lanes)
    ]
    desk = Desk(practitioner_id=PRACTITIONER, kind=None, site_id=SITE, zone=ZONE)
    return FreeOf(desk=desk, days=days, others=others, during=during, now=NOW, claimed=claimed)


def offered(line: Sequence[Waiting], *bookings: Any, during: TimeRange = DAY, lanes: int = 1) -> list[Match]:
    return list(matched(line, free_of(schedule(*bookings, lanes=lanes), during).times, ZONE, NOW))


def summary(matches: Sequence[Match]) -> list[tuple[str, list[int]]]:
    """(start by the site's clock, numbers of those who are asked)."""
    return [
        (it.time.start_at.astimezone(ZONE).strftime("%d %H:%M"), [one.entry.entry_id.int - 100 for one in it.asked])
        for it in matches
    ]


def test_one_freed_slot_and_thirty_who_wait_ask_the_first_whom_it_fits() -> None:
    """Seen red by: taking the last."""
    slot = TimeRange.lasting(at("2026-11-24 10:00"), timedelta(minutes=30))
    line = [waiting(n, weekdays=(1,) if n < 7 else None) for n in range(1, 31)]
    around = [taken("2026-11-24 09:00", 60), taken("2026-11-24 10:30", 390)]
    assert summary(offered(line, *around, during=slot)) == [("24 10:00", [7])]


def test_each_gets_a_time_of_his_own_as_long_as_there_are_any() -> None:
    """Seen red by: a time that is given away and stays free."""
    line = [waiting(n, ends=10 * 60) for n in range(1, 5)]
    assert summary(offered(line)) == [("24 09:00", [1]), ("24 09:30", [2])]
    assert summary(offered(line, lanes=2)) == [
        ("24 09:00", [1]),
        ("24 09:00", [2]),
        ("24 09:30", [3]),
        ("24 09:30", [4]),
    ]


def test_first_come_asks_those_further_down_for_the_very_same_time() -> None:
    """Seen red by: a group that takes who is asked alone."""
    line = [waiting(1), waiting(2, policy=GROUP), waiting(3), waiting(4, policy=GROUP), waiting(5, policy=GROUP)]
    assert summary(offered(line))[:3] == [("24 09:00", [1]), ("24 09:30", [2, 4]), ("24 10:00", [3])]


def test_what_is_offered_for_nobody_is_not_offered_again() -> None:
    """Seen red by: leaving out `offered`."""
    nine = TimeRange.lasting(at("2026-11-24 09:00"), timedelta(minutes=30))
    free = free_of(schedule(), DAY, [Claim(resource_ids=(PRACTITIONER,), during=nine)])
    assert summary(list(matched([waiting(1)], free.times, ZONE, NOW))) == [("24 09:30", [1])]


def test_nobody_is_asked_twice() -> None:
    """Who was asked beside the first is not asked beside the next. Seen red by: forgetting who was asked."""
    line = [waiting(1, policy=GROUP), waiting(2, policy=GROUP, starts=10 * 60), waiting(3, policy=GROUP)]
    assert summary(offered(line)) == [("24 09:00", [1, 3]), ("24 10:00", [2])]


def test_a_time_is_found_again_when_only_that_time_is_looked_at() -> None:
    """Seen red by: days looked at together, whose times follow from the first of them."""
    week = tuple(WeeklyHours(weekday=day, starts=0, ends=1440) for day in range(1, 8))
    around_the_clock = replace(schedule(), hours=replace(schedule().hours, weekly=week))

    def found(during: TimeRange) -> Match:
        free = free_of(around_the_clock, during)
        (match,) = matched([waiting(1, minutes=50, from_on=date(2026, 11, 26))], free.times, ZONE, NOW)
        return match

    whole = found(TimeRange(at("2026-11-23 00:00"), at("2026-11-30 00:00")))
    assert found(TimeRange(whole.time.start_at, whole.time.end_at)) == whole


minutes_of_day = st.integers(9, 16).map(lambda hour: hour * 60)
wishes = st.fixed_dictionaries(
    {},
    optional={
        "weekdays": st.sets(st.integers(1, 5), min_size=1).map(lambda days: tuple(sorted(days))),
        "starts": minutes_of_day,
        "ends": minutes_of_day.map(lambda minute: minute + 60),
        "notice_minutes": st.integers(0, 3000),
        "earlier_than": st.integers(0, 3 * 24 * 4).map(lambda quarters: NOW + quarters * timedelta(minutes=15)),
    },
)
refusals = st.lists(st.integers(0, 200).map(lambda it: _range(NOW + it * timedelta(minutes=15), 30)), max_size=3)
lines = st.lists(
    st.tuples(wishes, st.sampled_from([15, 30, 45, 60]), st.sampled_from([None, GROUP]), refusals), max_size=8
)
bookings = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 31), st.integers(1, 8)), max_size=8)


@settings(max_examples=150, deadline=None)
@given(line=lines, booked=bookings, lanes=st.integers(1, 2))
def test_matching_is_what_a_plain_reference_finds(line: Any, booked: Any, lanes: int) -> None:
    """Seen red by: leaving out any condition of `Waiting.takes` or `Wish.takes`; a group one too large; a time given
    away and still free."""
    waits = [
        waiting(number, minutes=minutes, policy=policy, refused=tuple(refused), **wish)
        for number, (wish, minutes, policy, refused) in enumerate(line, 1)
    ]
    busy = _disjoint(booked)
    during = TimeRange(at("2026-11-23 00:00"), at("2026-11-27 00:00"))
    found = offered(waits, *busy, during=during, lanes=lanes)
    assert summary(found) == summary(_reference(waits, busy, lanes))


def _reference(waits: Sequence[Waiting], busy: Sequence[Any], lanes: int) -> list[Match]:
    """Each in turn looks through all that would still be free, minute by minute."""
    given: list[TimeRange] = []
    done: set[UUID] = set()
    found = []
    for place, one in enumerate(waits):
        if one.entry.entry_id in done:
            continue
        fits = [time for time in _free(one, busy, given, lanes) if _would_do(one, time)]
        if not fits:
            continue
        group = [one]
        for other in waits[place + 1 :]:
            is_asked = other.entry.entry_id in done or other.policy.asks == 1 or len(group) == one.policy.asks
            if not is_asked and _length(other) == _length(one) and _would_do(other, fits[0]):
                group.append(other)
        done |= {each.entry.entry_id for each in group}
        given.append(fits[0])
        time = FoundTime(start_at=fits[0].start_at, end_at=fits[0].end_at, site_id=SITE, practitioner_id=PRACTITIONER)
        found.append(Match(time=time, extent=Extent(length=_length(one)), asked=tuple(group)))
    return found


def _length(one: Waiting) -> timedelta:
    return one.visit.length if one.visit else VISIT.length


def _would_do(one: Waiting, time: TimeRange) -> bool:
    wish, entry = one.entry.wish, one.entry
    minutes = [time.start_at + n * _MINUTE for n in range(int(time.length / _MINUTE))]
    walls = [minute.astimezone(ZONE) for minute in minutes]
    return (
        all((wish.starts or 0) <= wall.hour * 60 + wall.minute < (wish.ends or 1440) for wall in walls)
        and all(wish.weekdays is None or wall.isoweekday() in wish.weekdays for wall in walls)
        and minutes[0] - NOW >= timedelta(minutes=max(5, wish.notice_minutes))
        and (entry.earlier_than is None or minutes[0] < entry.earlier_than)
        and not any(no.start_at <= minute < no.end_at for no in one.refused for minute in minutes)
    )


def _free(one: Waiting, busy: Sequence[Any], given: Sequence[TimeRange], lanes: int) -> list[TimeRange]:
    """Each working day from its start, or from the first hour that would do: the next time begins where the one before
    ends, or at the first minute from which a lane is free long enough."""
    found = []
    length, wish = _length(one), one.entry.wish
    for day in ("23", "24", "25", "26"):
        midnight = at(f"2026-11-{day} 00:00")
        opens = midnight + max(9 * 60, wish.starts or 0) * _MINUTE
        closes = midnight + min(17 * 60, 1440 if wish.ends is None else wish.ends) * _MINUTE
        diary = _lanes(busy, given, lanes)
        start_at = opens
        while start_at + length <= closes:
            time = TimeRange.lasting(start_at, length)
            if any(not any(time.overlaps(each) for each in lane) for lane in diary):
                if time.start_at >= NOW:
                    found.append(time)
                start_at = time.end_at
            else:
                start_at += _MINUTE
    return found


def _lanes(busy: Sequence[Any], given: Sequence[TimeRange], lanes: int) -> list[list[TimeRange]]:
    diary: list[list[TimeRange]] = [[] for _ in range(lanes)]
    for booking in busy:
        diary[0].append(booking.during)
    for time in given:
        next(lane for lane in diary if not any(time.overlaps(each) for each in lane)).append(time)
    return diary


def _range(start_at: datetime, minutes: int) -> TimeRange:
    return TimeRange.lasting(start_at, timedelta(minutes=minutes))


def _disjoint(booked: Sequence[tuple[int, int, int]]) -> list[Any]:
    """(day, quarter of an hour from nine, quarters long): those that overlap none before them."""
    kept: list[Any] = []
    for number, (day, quarter, long) in enumerate(booked):
        start = f"2026-11-{23 + day} {9 + quarter // 4:02}:{quarter % 4 * 15:02}"
        one = taken(start, long * 15, appointment=1000 + number)
        if not any(one.during.overlaps(each.during) for each in kept):
            kept.append(one)
    return kept
