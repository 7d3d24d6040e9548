"""Registering and changing patients."""

from collections.abc import Sequence
from uuid import UUID

from services.records.domain.commands import (
    ChangePatient,
    NewCoverage,
    RecordConsent,
    RegisterPatient,
    SetCoverages,
    Stays,
)
from services.records.domain.patients import CARE, REMINDERS, Patient, asked_at_registration
from services.records.operations.ports import Unit
from shared.clock import Clock
from shared.events.records import (
    Consent,
    ConsentChanged,
    Coverage,
    CoverageUpdated,
    PatientCondition,
    PatientRegistered,
    PatientUpdated,
    Phone,
)
from shared.ids import new_id

_FIRST_USE = "mobile"


def take_patients(commands: Sequence[SetCoverages], uow: Unit) -> None:
    """Before many are changed: all of them, locked in the order of their ids."""
    uow.patients.take_ahead([command.patient_id for command in commands])


def register_patient(command: RegisterPatient, uow: Unit, clock: Clock) -> Patient:
    """A new patient of the network, seen by the site that registers. Raises NotFound for a site that is not hers."""
    with uow:
        uow.asker.require_site(command.site_id)
        patient = _new_patient(command, uow, clock)
        uow.patients.add(patient, command.site_id)
        uow.record(patient.told_as(PatientRegistered))
        _audit(uow, patient, site_id=command.site_id)
        return uow.commit(patient)


def change_patient(command: ChangePatient, uow: Unit, clock: Clock) -> Patient:
    """Name, birth date, language, numbers. Raises NotFound, Stale."""
    with uow:
        before = uow.patients.take(command.patient_id, command.version)
        after = before.renamed(given=command.given, family=command.family, birth_on=command.birth_on)
        if not isinstance(command.language, Stays):
            after = after.speaking(command.language)
        if command.phones is not None:
            after = after.with_phones(command.phones)
        return uow.commit(_keep(uow, before, after, PatientUpdated))


def record_consent(command: RecordConsent, uow: Unit, clock: Clock) -> Patient:
    """Given or withdrawn, with its evidence and the time. Raises NotFound, NumberNotOfPatient, Stale."""
    with uow:
        before = uow.patients.take(command.patient_id, command.version)
        after = before.with_consent(
            Consent(
                number=command.number,
                purpose=command.purpose,
                given=command.given,
                at=clock.now(),
                evidence=command.evidence,
                channel=command.channel,
                method=command.method,
                recorded_by=uow.asker.principal,
            )
        )
        return uow.commit(_keep(uow, before, after, ConsentChanged))


def set_coverages(command: SetCoverages, uow: Unit, clock: Clock) -> Patient:
    """Who pays, first to last. Raises NotFound, Stale."""
    with uow:
        before = uow.patients.take(command.patient_id, command.version)
        known = {coverage.coverage_id for coverage in before.coverages}
        after = before.with_coverages([_coverage(new, known) for new in command.coverages])
        return uow.commit(_keep(uow, before, after, CoverageUpdated))


def _new_patient(command: RegisterPatient, uow: Unit, clock: Clock) -> Patient:
    number, said = command.phone, {REMINDERS: command.texting_consent, CARE: command.care_texting_consent}
    return Patient(
        patient_id=new_id(),
        version=1,
        given=command.given,
        family=command.family,
        birth_on=command.birth_on,
        language=command.language,
        phones=(Phone(number=number, use=_FIRST_USE),) if number else (),
        consents=asked_at_registration(said, number=number, at=clock.now(), by=uow.asker.principal),
        coverages=(_coverage(command.coverage, frozenset()),) if command.coverage else (),
    )


def _coverage(new: NewCoverage, known: set[UUID] | frozenset[UUID]) -> Coverage:
    # An id that is not the patient's is not taken over: it could be somebody else's.
    kept = new.coverage_id if new.coverage_id in known else None
    return Coverage(
        coverage_id=kept or new_id(), payer_id=new.payer_id, payer_name=new.payer_name, member_id=new.member_id
    )


def _keep(uow: Unit, before: Patient, after: Patient, event: type[PatientCondition]) -> Patient:
    _audit(uow, before)
    next_one = after.following(before)
    if next_one != before:
        uow.patients.save(next_one)
        uow.record(next_one.told_as(event))
    return next_one


def _audit(uow: Unit, patient: Patient, site_id: UUID | None = None) -> None:
    uow.audit(uow.action, "patient", patient.patient_id, site_id=site_id, patient_id=patient.patient_id)
