"""For whom scheduling books without records having been asked: who had an appointment at one of the asker's sites."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fix_scheduling import asker_of

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.errors import PatientUnseen
from shared.database.idempotency import CommandKey
from shared.ids import new_id

TEN = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LATER = timedelta(hours=1)


def test_a_patient_of_whom_nothing_is_known_is_not_booked(clinic: Any) -> None:
    """Nothing is decided: the same key books once records was asked. Seen red by: leaving out the check."""
    patient_id = new_id()
    with pytest.raises(PatientUnseen):
        clinic.book(TEN, patient_id, patients_seen=False)
    assert clinic.book(TEN, patient_id, patients_seen=True).patient_id == patient_id


def test_who_had_an_appointment_at_the_askers_site_is_known_there(clinic: Any) -> None:
    """A cancelled one counts too: records' rule knows no status."""
    patient_id, here = new_id(), frozenset({clinic.site.site_id})
    clinic.cancel(clinic.book(TEN, patient_id).appointment_id)
    assert clinic.book(TEN, patient_id, sites=here, patients_seen=False).status == "booked"
    assert clinic.book(TEN + LATER, patient_id, sites=None, patients_seen=False).status == "booked"


def test_an_appointment_at_another_site_says_nothing_here(clinic: Any) -> None:
    """Seen red by: looking at appointments of every site."""
    patient_id = new_id()
    clinic.book(TEN, patient_id)
    elsewhere = operations.add_site(commands.AddSite(name="East", zone="America/New_York"), clinic.uow(), clinic.clock)
    clinic.site = elsewhere
    clinic.set_lanes(1)
    with pytest.raises(PatientUnseen):
        clinic.book(TEN + LATER, patient_id, sites=frozenset({elsewhere.site_id}), patients_seen=False)


def test_nothing_is_kept_under_the_key_of_who_has_yet_to_be_asked_about(clinic: Any) -> None:
    """Seen red by: a refusal, which is stored, in place of an error, which is not."""
    key = CommandKey(asker_of().principal, "book_appointment", "k-1", bytes(32))
    command = commands.BookAppointment(
        site_id=clinic.site.site_id,
        practitioner_id=clinic.practitioner_id,
        appointment_type_id=clinic.type_id,
        patient_id=new_id(),
        start_at=TEN,
    )
    for seen in (False, True):
        uow = clinic.units.for_call(asker_of(patients_seen=seen), key=key, action="book_appointment")
        uow.dump_answer_with(lambda appointment: str(appointment.appointment_id))
        try:
            operations.book_appointment(command, uow, clinic.clock)
        except PatientUnseen:
            assert not seen
