"""What may become of an appointment."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.scheduling.domain.errors import (
    AppointmentNotArrived,
    AppointmentNotBooked,
    AppointmentNotCancelled,
    NotYet,
    VisitAlreadyFinished,
)
from services.scheduling.domain.time_range import TimeRange
from shared.ids import encounter_id_of
from tests.unit.scheduling.making import NOW, PRACTITIONER, at, booked

ARRIVAL = UUID(int=77)


def test_every_change_raises_the_version_and_tells_the_whole_new_condition() -> None:
    appointment = booked()
    appointment.check_in(ARRIVAL, NOW)
    appointment.undo_check_in()
    appointment.cancel("patient called", NOW)
    assert [(told.type, told.version, told.status) for told in appointment.events] == [
        ("appointment-arrived", 2, "arrived"),
        ("appointment-arrival-undone", 3, "booked"),
        ("appointment-cancelled", 4, "cancelled"),
    ]


def test_a_move_tells_where_it_was_and_where_it_is() -> None:
    appointment = booked("2026-11-23 09:00")
    appointment.move(TimeRange.lasting(at("2026-11-24 10:00"), timedelta(minutes=30)), PRACTITIONER, lane=1)
    (told,) = appointment.events
    assert (told.type, told.previous_start_at, told.start_at) == (
        "appointment-rescheduled",
        at("2026-11-23 09:00"),
        at("2026-11-24 10:00"),
    )


def test_the_encounter_follows_from_the_check_in() -> None:
    appointment = booked()
    assert appointment.encounter_id is None
    appointment.check_in(ARRIVAL, NOW)
    assert appointment.encounter_id == encounter_id_of(ARRIVAL)
    appointment.undo_check_in()
    assert appointment.encounter_id is None
    assert appointment.arrival_id == ARRIVAL


def test_nobody_is_checked_in_before_the_local_day() -> None:
    appointment = booked("2026-11-24 09:00")
    with pytest.raises(NotYet):
        appointment.check_in(ARRIVAL, at("2026-11-23 23:59"))
    appointment.check_in(ARRIVAL, at("2026-11-24 00:00"))


def test_a_cancellation_can_be_undone() -> None:
    appointment = booked()
    appointment.cancel("wrong patient", NOW)
    appointment.reinstate(lane=1)
    assert (appointment.status, appointment.cancelled_at, appointment.cancelled_reason) == ("booked", None, None)


def test_a_finished_visit_is_final() -> None:
    appointment = booked()
    appointment.check_in(ARRIVAL, NOW)
    appointment.fulfil(ARRIVAL, NOW)
    for change in (
        appointment.undo_check_in,
        lambda: appointment.cancel("late", NOW),
        lambda: appointment.reinstate(1),
        lambda: appointment.check_in(ARRIVAL, NOW),
    ):
        with pytest.raises(VisitAlreadyFinished):
            change()


def test_a_finished_encounter_wins_over_an_undone_check_in_and_a_cancellation() -> None:
    appointment = booked()
    appointment.check_in(ARRIVAL, NOW)
    appointment.undo_check_in()
    appointment.cancel("patient left", NOW)
    appointment.fulfil(ARRIVAL, NOW)
    assert (appointment.status, appointment.cancelled_at) == ("fulfilled", None)
    assert appointment.encounter_id == encounter_id_of(ARRIVAL)


def test_a_visit_is_fulfilled_by_the_check_in_whose_encounter_was_finished() -> None:
    """The first check-in was undone while its encounter was being finished, and the patient checked in again."""
    appointment = booked()
    appointment.check_in(ARRIVAL, NOW)
    appointment.undo_check_in()
    appointment.check_in(UUID(int=78), NOW)
    appointment.fulfil(ARRIVAL, NOW)
    assert appointment.events[-1].arrival_id == ARRIVAL
    assert appointment.encounter_id == encounter_id_of(ARRIVAL)


def test_an_encounter_that_finishes_twice_fulfils_once() -> None:
    appointment = booked()
    appointment.check_in(ARRIVAL, NOW)
    appointment.fulfil(ARRIVAL, NOW)
    appointment.fulfil(ARRIVAL, NOW)
    assert [told.type for told in appointment.events] == ["appointment-arrived", "appointment-fulfilled"]


def test_only_what_fits_the_status_can_be_done() -> None:
    appointment = booked()
    with pytest.raises(AppointmentNotArrived):
        appointment.undo_check_in()
    with pytest.raises(AppointmentNotCancelled):
        appointment.reinstate(1)
    appointment.cancel("moved away", NOW)
    with pytest.raises(AppointmentNotBooked) as refused:
        appointment.check_in(ARRIVAL, NOW)
    assert refused.value.details["status"] == "cancelled"
