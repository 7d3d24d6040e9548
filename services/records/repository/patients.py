"""SQL <-> patients, with their numbers, consents and coverages, and the sites that see them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.records.domain.identifiers import Identifiers
from services.records.domain.patients import Patient, search_key
from shared.database.repository import Repository
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound, require_version
from shared.events.records import Consent, Coverage, Phone


class PatientRepository(Repository):
    """Patients of the running transaction's network."""

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow)
        self._taken: dict[UUID, Patient] = {}
        self._versions: dict[UUID, int] = {}

    def take(self, patient_id: UUID, version: int | None = None) -> Patient:
        """The patient, locked. Raises NotFound where no site of the asker's sees them, Stale for another version."""
        if patient_id not in self._taken:
            self.take_ahead([patient_id])
        if patient_id not in self._taken:
            raise NotFound
        patient = self._taken.pop(patient_id)  # holds for one change: after it the row is another
        require_version(version, patient.version)
        return patient

    def take_ahead(self, patient_ids: Collection[UUID]) -> None:
        """Locks these in the order of their ids; each `take` that follows finds its patient read."""
        sites = self._uow.asker.ordered_sites
        rows = self.all("lock-visible-patients", patient_ids=list(patient_ids), sites=sites)
        if rows:
            self._taken |= {each.patient_id: each for each in self._read([row["patient_id"] for row in rows])}

    def version_of(self, patient_id: UUID) -> int:
        """The patient's version, which stays so until this transaction ends. Raises NotFound."""
        if patient_id not in self._versions:
            self.hold_versions([patient_id])
        if patient_id not in self._versions:
            raise NotFound
        return self._versions[patient_id]

    def hold_versions(self, patient_ids: Collection[UUID]) -> None:
        """Reads ahead what `version_of` gives, in the order of the ids."""
        rows = self.all("share-patient-versions", patient_ids=list(patient_ids))
        self._versions |= {row["patient_id"]: row["version"] for row in rows}

    def candidates(self, identifiers: Identifiers) -> list[Patient]:
        """Patients of any site whom the most telling identifier fits."""
        if identifiers.phone:
            rows = self.all("ids-with-number", number=identifiers.phone)
        elif identifiers.member_id:
            rows = self.all("ids-with-member-id", member_id=identifiers.member_id)
        else:
            key = search_key(identifiers.family or "")
            rows = self.all("ids-with-family-and-birth", family_key=key, birth_on=identifiers.birth_on)
        return self._read([row["patient_id"] for row in rows])

    def add(self, patient: Patient, site_id: UUID) -> None:
        """A new patient, seen by that site."""
        self.later("add-patient", **self._columns(patient))
        self._add_lists(patient)
        self.see_from([(patient.patient_id, site_id)])

    def save(self, patient: Patient) -> None:
        """A locked patient, changed; the lists are replaced."""
        self.later("save-patient", **self._columns(patient))
        for statement in ("clear-consents", "clear-phones", "clear-coverages"):
            self.later(statement, patient_id=patient.patient_id)
        self._add_lists(patient)

    def see_from(self, pairs: Iterable[tuple[UUID, UUID]]) -> None:
        """Each (patient, site): the site sees the patient from now on."""
        self.many_later("see-patients-from", sorted(pairs))

    def _read(self, patient_ids: Sequence[UUID]) -> list[Patient]:
        rows = self.all("patients-by-ids", patient_ids=list(patient_ids), sites=self._uow.asker.ordered_sites)
        return [patient_of(row) for row in rows]

    def _columns(self, patient: Patient) -> dict[str, Any]:
        return {**vars(patient), "family_key": search_key(patient.family)}

    def _add_lists(self, patient: Patient) -> None:
        for statement, items in (
            ("add-phones", patient.phones),
            ("add-consents", patient.consents),
            ("add-coverages", patient.coverages),
        ):
            rows = [(patient.patient_id, *vars(item).values(), place) for place, item in enumerate(items)]
            self.many_later(statement, rows)


def patient_of(row: Mapping[str, Any]) -> Patient:
    """A patient of a row of patients-by-ids."""
    return Patient(
        patient_id=row["patient_id"],
        version=row["version"],
        given=row["given"],
        family=row["family"],
        birth_on=row["birth_on"],
        language=row["language"],
        phones=tuple(Phone(**phone) for phone in row["phones"]),
        consents=tuple(Consent(**{**each, "at": datetime.fromisoformat(each["at"])}) for each in row["consents"]),
        coverages=tuple(Coverage(**{**each, "coverage_id": UUID(each["coverage_id"])}) for each in row["coverages"]),
    )
