"""Opening another site's patient."""

from services.records.domain.commands import OpenPatient
from services.records.domain.identifiers import the_one
from services.records.domain.patients import Patient
from services.records.operations.ports import Unit
from shared.clock import Clock


def open_patient(command: OpenPatient, uow: Unit, clock: Clock) -> Patient:
    """Two matching identifiers make a patient of the network known at the site; the audit names what was given.

    Raises TwoIdentifiersNeeded, MoreIdentifiersNeeded, and NotFound, which says nothing about other sites.
    """
    with uow:
        uow.asker.require_site(command.site_id)
        identifiers = command.identifiers
        identifiers.require_two()
        patient = the_one(uow.patients.candidates(identifiers), identifiers)
        uow.patients.see_from([(patient.patient_id, command.site_id)])
        uow.audit(
            uow.action,
            "patient",
            patient.patient_id,
            site_id=command.site_id,
            patient_id=patient.patient_id,
            detail={"identifiers": sorted(identifiers.given)},
        )
        return uow.commit(patient)
