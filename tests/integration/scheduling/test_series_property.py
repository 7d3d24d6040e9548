"""Whatever is asked of a series: every date is answered, none twice, and what is booked is what was said."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.errors import AppointmentOverlaps, SeriesClashes, SeriesEmpty
from shared.ids import new_id

ZONE = ZoneInfo("America/New_York")
TODAY = datetime(2026, 10, 5, 14, tzinfo=UTC)
FIRST = date(2026, 10, 12)
HALF_HOUR = timedelta(minutes=30)
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)  # an example takes a while: it is shown as it was found

RULES = st.one_of(
    st.builds("FREQ=WEEKLY;COUNT={}".format, st.integers(1, 26)),
    st.builds("FREQ=DAILY;INTERVAL={};COUNT={}".format, st.integers(1, 9), st.integers(1, 20)),
    st.builds("FREQ=MONTHLY;BYDAY=2MO;COUNT={}".format, st.integers(1, 6)),
)
# The gap of March 14 and the doubled hour of November 1 are among the times.
HOURS = st.sampled_from([timedelta(hours=1, minutes=30), timedelta(hours=2, minutes=30), timedelta(hours=9)])
CHOICES = st.dictionaries(st.integers(0, 25), st.sampled_from(["none", "hour later", "same as next"]), max_size=4)


@pytest.mark.requirement("34a")
@pytest.mark.requirement("34b")
@settings(max_examples=40, deadline=None, phases=UNSHRUNK, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rrule=RULES, at=HOURS, busy=st.sets(st.integers(0, 180), max_size=8), said=CHOICES)
def test_every_date_is_answered_and_what_is_booked_is_what_was_said(
    clinic: Any, rrule: str, at: timedelta, busy: set[int], said: dict[int, str]
) -> None:
    """By a model in a few lines: sets of instants that are taken.

    Seen red by: a choice that is passed over.
    """
    clinic.clock.instant = TODAY
    practitioner_id = _practitioner(clinic)
    taken = _take(clinic, practitioner_id, busy, at)
    start_at = (datetime(2026, 10, 12, tzinfo=ZONE) + at).astimezone(UTC)
    question = {
        "site_id": clinic.site.site_id,
        "practitioner_id": practitioner_id,
        "appointment_type_id": clinic.type_id,
        "start_at": start_at,
        "rrule": rrule,
    }
    with clinic.uow() as uow:
        days = [each.on for each in operations.check_series(commands.CheckSeries(**question), uow, clinic.clock).dates]
    assert days == sorted(set(days))
    choices = _choices(days, said, at)
    listed = tuple(commands.DateChoice(on=on, instead_at=instead_at) for on, instead_at in choices.items())
    wanted = {on: choices[on] if on in choices else _instant(on, at) for on in days}
    left_out = {on for on in choices if choices[on] is None}
    expected = _expected(wanted, left_out, taken)
    command = commands.BookSeries(**question, choices=listed, patient_id=new_id())
    with clinic.uow() as uow:
        dates = operations.check_series(command, uow, clinic.clock).dates
    assert {each.on: each.outcome for each in dates} == expected
    for each in dates:
        free = {time.start_at for time in each.proposals}
        others = {other.start_at for other in dates if other.outcome == "free"}
        assert not any(abs(one - two) < HALF_HOUR for one in free for two in others | taken if two)
    try:
        series = operations.book_series(command, clinic.uow(), clinic.clock)
    except SeriesClashes:
        assert "clash" in expected.values()
    except SeriesEmpty:
        assert set(expected.values()) == {"left-out"}
    else:
        assert set(expected.values()) <= {"free", "left-out"}
        assert [one.start_at for one in series["appointments"]] == [wanted[on] for on in days if on not in left_out]


def _practitioner(clinic: Any) -> Any:
    """One of this example alone, around the clock."""
    add = commands.AddPractitioner(given="A", family="B")
    clinic.practitioner_id = operations.add_practitioner(add, clinic.uow(), clinic.clock).practitioner_id
    clinic.set_lanes(1)
    return clinic.practitioner_id


def _take(clinic: Any, practitioner_id: Any, busy: set[int], at: timedelta) -> set[datetime]:
    """Books these days' times for others."""
    found = {instant for day in busy if (instant := _instant(FIRST + timedelta(days=day), at))}
    for instant in sorted(found):
        with suppress(AppointmentOverlaps):
            clinic.book(instant)
    return found


def _instant(day: date, at: timedelta) -> datetime | None:
    """The first instant at which clocks show it; None in the gap."""
    naive = datetime(day.year, day.month, day.day) + at  # noqa: DTZ001 (a wall clock's)
    instant = naive.replace(tzinfo=ZONE).astimezone(UTC)
    return instant if instant.astimezone(ZONE).replace(tzinfo=None) == naive else None


def _choices(days: list[date], said: dict[int, str], at: timedelta) -> dict[date, datetime | None]:
    found: dict[date, datetime | None] = {}
    for place, what in said.items():
        if place >= len(days):
            continue
        own = _instant(days[place], at)
        later = _instant(days[min(place + 1, len(days) - 1)], at)
        found[days[place]] = {"none": None, "hour later": own and own + timedelta(hours=1), "same as next": later}[what]
    return found


def _expected(wanted: dict[date, datetime | None], left_out: set[date], taken: set[datetime]) -> dict[date, str]:
    held = set(taken)
    found = {}
    for on, instant in wanted.items():
        if on in left_out:
            found[on] = "left-out"
        elif instant is None or any(abs(instant - each) < HALF_HOUR for each in held):
            found[on] = "clash"
        else:
            found[on] = "free"
            held.add(instant)
    return found
