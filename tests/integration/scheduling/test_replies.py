"""A patient's yes by text confirms the visit that her text named, as long as it is what the text said."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from fix_scheduling import NOW, rows

from services.scheduling import operations
from services.scheduling.adapters.zip_codes import UsZipCodes
from services.scheduling.domain import commands
from services.scheduling.domain.appointment import Appointment
from shared.events.notifications import ReplyReceived
from shared.ids import new_id
from tests.integration.scheduling.test_following import told

follow_replies = partial(operations.follow_replies, zips=UsZipCodes())
TEN = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def reply_to(appointment: Appointment, **more: Any) -> ReplyReceived:
    said: dict[str, Any] = {
        "reply_id": new_id(),
        "version": 1,
        "meaning": "confirm",
        "answers": "appointment",
        "text_id": new_id(),
        "site_id": appointment.site_id,
        "patient_id": appointment.patient_id,
        "appointment_id": appointment.appointment_id,
        "start_at": TEN,
        "received_at": NOW,
    }
    return ReplyReceived(**said | more)


def standing(clinic: Any, booked: Appointment) -> list[tuple[Any, ...]]:
    return rows(
        clinic,
        "SELECT status, confirmed_by, version FROM appointments"
        f" WHERE appointment_id = '{booked.appointment_id}'",
    )  # fmt: skip


def test_a_yes_confirms_once_and_says_that_the_patient_did(clinic: Any) -> None:
    """Seen red by: `confirmed_by` not looked at in confirm_as_told."""
    booked = clinic.book(TEN)
    told(clinic, follow_replies, [reply_to(booked)], [reply_to(booked), reply_to(booked)])
    assert standing(clinic, booked) == [("booked", "patient", 2)]
    assert rows(clinic, "SELECT type FROM outbox WHERE type = 'appointment-confirmed'") == [("appointment-confirmed",)]


def test_a_yes_to_the_old_time_of_a_visit_that_moved_confirms_nothing(clinic: Any) -> None:
    """Seen red by: the start not compared."""
    booked = clinic.book(TEN)
    clinic.move(booked.appointment_id, TEN + timedelta(hours=2))
    told(clinic, follow_replies, [reply_to(booked)])
    assert standing(clinic, booked) == [("booked", None, 2)]


def test_a_yes_to_the_old_site_of_a_visit_that_moved_confirms_nothing(clinic: Any) -> None:
    """At the same hour. Seen red by: the site not compared."""
    booked = clinic.book(TEN)
    told(clinic, follow_replies, [reply_to(booked, site_id=new_id())])
    assert standing(clinic, booked) == [("booked", None, 1)]


def test_a_yes_to_a_cancelled_visit_leaves_it_cancelled_and_parks_nothing(clinic: Any) -> None:
    """Seen red by: the stage not looked at: AppointmentNotBooked."""
    booked = clinic.book(TEN)
    clinic.cancel(booked.appointment_id)
    told(clinic, follow_replies, [reply_to(booked)])
    assert standing(clinic, booked)[0][:2] == ("cancelled", None)


@pytest.mark.parametrize("more", [{"meaning": "decline"}, {"meaning": "reschedule"}, {"answers": "waitlist-offer"}])
def test_nothing_but_a_yes_to_an_appointment_confirms(clinic: Any, more: dict[str, str]) -> None:
    """Seen red by: `meaning` or `answers` not looked at."""
    booked = clinic.book(TEN)
    told(clinic, follow_replies, [reply_to(booked, **more)])
    assert standing(clinic, booked) == [("booked", None, 1)]


def test_what_staff_said_before_is_now_the_patients_own_word(clinic: Any) -> None:
    booked = clinic.book(TEN)
    command = commands.ConfirmAppointment(appointment_id=booked.appointment_id, by="staff")
    operations.confirm_appointment(command, clinic.uow(), clinic.clock)
    told(clinic, follow_replies, [reply_to(booked)])
    assert standing(clinic, booked) == [("booked", "patient", 3)]
