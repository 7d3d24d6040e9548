"""Whether a time can be given."""

from uuid import UUID

import pytest

from services.scheduling.domain.errors import (
    AppointmentOverlaps,
    AppointmentTypeInactive,
    OutsideWorkingHours,
    StartInThePast,
)
from services.scheduling.domain.places import AppointmentType
from services.scheduling.domain.schedule import Schedule, Today
from tests.unit.scheduling.making import (
    NOW,
    OTHER_SITE,
    PATIENT,
    TODAY,
    VISIT,
    at,
    booked,
    schedule,
    taken,
    wish,
)


def book(on: Schedule, start: str, *, today: Today = TODAY) -> int:
    return on.book(UUID(int=7), PATIENT, wish(start, on.kind), today).lane


def test_a_booked_appointment_lasts_as_long_as_its_type_and_tells_it() -> None:
    appointment = schedule().book(UUID(int=7), PATIENT, wish("2026-11-23 09:10"), TODAY)
    assert appointment.during.length == VISIT.length
    (told,) = appointment.events
    assert (told.type, told.version, told.status) == ("appointment-booked", 1, "booked")


@pytest.mark.parametrize("start", ["2026-11-23 10:00", "2026-11-23 10:29", "2026-11-23 09:31"])
def test_time_that_is_taken_is_refused(start: str) -> None:
    with pytest.raises(AppointmentOverlaps):
        book(schedule(taken("2026-11-23 10:00")), start)


def test_what_only_touches_is_free() -> None:
    assert book(schedule(taken("2026-11-23 09:00"), taken("2026-11-23 10:00")), "2026-11-23 09:30") == 1


def test_lanes_are_taken_one_after_the_other_and_are_bounded() -> None:
    first = taken("2026-11-23 09:00", lane=1)
    assert book(schedule(first, lanes=2), "2026-11-23 09:10") == 2
    with pytest.raises(AppointmentOverlaps):
        book(schedule(first, taken("2026-11-23 09:10", lane=2), lanes=2), "2026-11-23 09:20")


def test_a_practitioner_at_another_site_is_busy() -> None:
    with pytest.raises(AppointmentOverlaps):
        book(schedule(taken("2026-11-23 09:00", site=OTHER_SITE), lanes=3), "2026-11-23 09:00")


def test_nothing_is_booked_outside_working_hours() -> None:
    with pytest.raises(OutsideWorkingHours):
        book(schedule(), "2026-11-28 09:00")


def test_earlier_today_may_still_be_written_down() -> None:
    assert book(schedule(), "2026-11-23 09:00", today=Today(now=at("2026-11-23 23:30"))) == 1


def test_before_todays_local_midnight_only_who_may_backdate_books() -> None:
    with pytest.raises(StartInThePast):
        book(schedule(), "2026-11-20 16:30")
    assert book(schedule(), "2026-11-20 16:30", today=Today(now=NOW, may_backdate=True)) == 1


def test_a_type_that_is_given_up_is_refused() -> None:
    given_up = AppointmentType(appointment_type_id=UUID(int=6), name="Old", minutes=10, active=False)
    with pytest.raises(AppointmentTypeInactive):
        book(schedule(kind=given_up), "2026-11-23 09:00")


def test_an_appointment_may_move_into_the_time_that_it_leaves() -> None:
    appointment = booked("2026-11-23 09:00", number=8)
    schedule(taken("2026-11-23 09:00", appointment=8)).move(appointment, wish("2026-11-23 09:15"), TODAY)
    assert appointment.start_at == at("2026-11-23 09:15")


@pytest.mark.requirement("7a")
def test_an_appointment_whose_new_time_is_taken_stays_as_it_was() -> None:
    """Seen red by: moving the appointment before a lane is looked for."""
    appointment = booked("2026-11-23 09:00", number=8)
    before = appointment.version, appointment.start_at
    with pytest.raises(AppointmentOverlaps):
        schedule(taken("2026-11-23 11:00")).move(appointment, wish("2026-11-23 11:10"), TODAY)
    assert (appointment.version, appointment.start_at) == before
    assert appointment.events == []


def test_a_cancelled_appointment_takes_its_time_again_or_is_refused() -> None:
    appointment = booked("2026-11-23 09:00", number=8)
    appointment.cancel("mistake", NOW)
    with pytest.raises(AppointmentOverlaps):
        schedule(taken("2026-11-23 09:10")).reinstate(appointment)
    schedule().reinstate(appointment)
    assert appointment.status == "booked"
