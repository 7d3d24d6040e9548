"""SQL <-> patients, with their numbers, consents and coverages, and the sites that see them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.records.domain.identifiers import Identifiers
from services.records.domain.patients import Patient, search_key
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound
from shared.events.records import Consent, Coverage, Phone


class PatientRepository:
    """Patients of the running transaction's network."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def take(self, patient_id: UUID, version: int | None = None) -> Patient:
        """The patient, locked. Raises NotFound where no site of the asker's sees them, Stale for another version."""
        sites = sites_of(self._uow)
        if self._uow.sql.one("lock-visible-patient", patient_id=patient_id, sites=sites) is None:
            raise NotFound
        (patient,) = self._read([patient_id])
        patient.require_version(version)
        return patient

    def version_of(self, patient_id: UUID) -> int:
        """The patient's version, which stays so until this transaction ends. Raises NotFound."""
        row = self._uow.sql.one("share-patient-version", patient_id=patient_id)
        if row is None:
            raise NotFound
        return int(row["version"])

    def candidates(self, identifiers: Identifiers) -> list[Patient]:
        """Patients of any site whom the most telling identifier fits."""
        sql = self._uow.sql
        if identifiers.phone:
            rows = sql.all("ids-with-number", number=identifiers.phone)
        elif identifiers.member_id:
            rows = sql.all("ids-with-member-id", member_id=identifiers.member_id)
        else:
            key = search_key(identifiers.family or "")
            rows = sql.all("ids-with-family-and-birth", family_key=key, birth_on=identifiers.birth_on)
        return self._read([row["patient_id"] for row in rows])

    def add(self, patient: Patient, site_id: UUID) -> None:
        """A new patient, seen by that site."""
        self._uow.sql.run("add-patient", **self._columns(patient))
        self._add_lists(patient)
        self.see_from([(patient.patient_id, site_id)])

    def save(self, patient: Patient) -> None:
        """A locked patient, changed; the lists are replaced."""
        sql = self._uow.sql
        sql.run("save-patient", **self._columns(patient))
        for statement in ("clear-consents", "clear-phones", "clear-coverages"):
            sql.run(statement, patient_id=patient.patient_id)
        self._add_lists(patient)

    def see_from(self, pairs: Iterable[tuple[UUID, UUID]]) -> None:
        """Each (patient, site): the site sees the patient from now on."""
        network_id = self._uow.network_id
        self._uow.sql.many("see-patients-from", [(network_id, *pair) for pair in sorted(pairs)])

    def _read(self, patient_ids: Sequence[UUID]) -> list[Patient]:
        rows = self._uow.sql.all("patients-by-ids", patient_ids=list(patient_ids), sites=sites_of(self._uow))
        return [patient_of(row) for row in rows]

    def _columns(self, patient: Patient) -> dict[str, Any]:
        return {**vars(patient), "network_id": self._uow.network_id, "family_key": search_key(patient.family)}

    def _add_lists(self, patient: Patient) -> None:
        owner = (self._uow.network_id, patient.patient_id)
        for statement, items in (
            ("add-phones", patient.phones),
            ("add-consents", patient.consents),
            ("add-coverages", patient.coverages),
        ):
            rows = [(*owner, *vars(item).values(), place) for place, item in enumerate(items)]
            self._uow.sql.many(statement, rows)


def sites_of(uow: UnitOfWork) -> list[UUID] | None:
    """The asker's sites as a parameter; None for all."""
    return None if uow.asker.sites is None else sorted(uow.asker.sites)


def patient_of(row: Mapping[str, Any]) -> Patient:
    """A patient of a row of patients-by-ids."""
    return Patient(
        patient_id=row["patient_id"],
        version=row["version"],
        given=row["given"],
        family=row["family"],
        birth_on=row["birth_on"],
        phones=tuple(Phone(**phone) for phone in row["phones"]),
        consents=tuple(Consent(**{**each, "at": datetime.fromisoformat(each["at"])}) for each in row["consents"]),
        coverages=tuple(Coverage(**{**each, "coverage_id": UUID(each["coverage_id"])}) for each in row["coverages"]),
    )
