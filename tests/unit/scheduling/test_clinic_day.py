"""What the day sheet says of an appointment at a moment, and whom a delay concerns."""

from datetime import datetime, timedelta

import pytest

from services.scheduling.domain.clinic_day import is_kept_waiting, state_of, waiting_minutes
from tests.unit.scheduling.living import LATER, NINE, at_stage
from tests.unit.scheduling.making import at

TEN = at("2026-11-23 10:00")
ARRIVED, IN_ROOM, DONE = at("2026-11-23 08:50"), at("2026-11-23 09:07"), at("2026-11-23 09:30")


@pytest.mark.parametrize(
    ("stage", "now", "state"),
    [
        ("booked", NINE, "expected"),
        ("booked", NINE + timedelta(minutes=5) - timedelta(seconds=1), "expected"),
        ("booked", NINE + timedelta(minutes=5), "late"),
        ("confirmed", TEN, "late"),
        ("proposed", TEN, "proposed"),
        ("arrived", TEN, "arrived"),
        ("in-room", TEN, "in-room"),
        ("done", TEN, "done"),
        ("fulfilled", TEN, "done"),
        ("cancelled", TEN, "cancelled"),
        ("noshow", TEN, "noshow"),
    ],
)
def test_the_state_follows_from_the_stage_and_the_moment(stage: str, now: datetime, state: str) -> None:
    """Seen red by: late only after the fifth minute; who is confirmed never late."""
    assert state_of(stage, NINE, now) == state  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stage", "times", "minutes"),
    [
        ("arrived", (ARRIVED, None, None), 70),
        ("in-room", (ARRIVED, IN_ROOM, None), 17),
        ("done", (ARRIVED, IN_ROOM, DONE), 17),
        ("done", (ARRIVED, None, DONE), 40),
        ("fulfilled", (ARRIVED, IN_ROOM, None), 17),
        ("fulfilled", (ARRIVED, None, None), None),
        ("booked", (ARRIVED, None, None), None),
        ("booked", (None, None, None), None),
        ("entered-in-error", (ARRIVED, IN_ROOM, None), None),
    ],
)
def test_a_patient_waits_from_the_check_in_until_she_goes_in(
    stage: str, times: tuple[datetime | None, ...], minutes: int | None
) -> None:
    """An undone check-in leaves its time behind, and nobody waits. Seen red by: the end before the room."""
    arrived_at, in_room_at, done_at = times
    assert waiting_minutes(stage, arrived_at, in_room_at, done_at, TEN) == minutes  # type: ignore[arg-type]


@pytest.mark.parametrize("stage", ["booked", "confirmed", "arrived"])
def test_a_delay_concerns_who_is_on_the_way_or_waits(stage: str) -> None:
    assert is_kept_waiting(at_stage(stage), LATER)


@pytest.mark.parametrize(
    "stage", ["proposed", "in-room", "done", "fulfilled", "cancelled", "noshow", "entered-in-error"]
)
def test_a_delay_concerns_nobody_else(stage: str) -> None:
    """Seen red by: who is in the room told to wait."""
    assert not is_kept_waiting(at_stage(stage), LATER)


def test_who_is_long_over_and_never_came_is_not_told_of_a_delay() -> None:
    """Seen red by: the end not looked at. Who is here waits on, however late it is."""
    assert not is_kept_waiting(at_stage("booked"), TEN)
    assert is_kept_waiting(at_stage("arrived"), TEN)
