"""Copies of records' facts: who pays in each version of a patient, and encounters with their codes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg2.extras import Json

from services.billing.domain.bills import FINISHED
from shared.database.repository import Repository
from shared.events.records import (
    Coding,
    Coverage,
    EncounterCondition,
    EncounterFinished,
    PatientCondition,
    Procedure,
)

_COLUMNS = (
    "encounter_id",
    "version",
    "appointment_id",
    "arrival_id",
    "patient_id",
    "patient_version",
    "site_id",
    "practitioner_id",
    "status",
    "started_at",
    "finished_at",
    "diagnoses",
    "procedures",
)


class CopyRepository(Repository):
    """What billing knows of patients and encounters."""

    def keep_patients(self, patients: Sequence[PatientCondition]) -> None:
        """Every version; one that is known stays as it is."""
        rows = [
            (patient.patient_id, patient.version, Json([_plain(cover) for cover in patient.coverages]))
            for patient in patients
        ]
        self.many("keep-patient-versions", rows)

    def keep_encounters(self, encounters: Sequence[EncounterCondition]) -> None:
        """The newest condition of each; the list names none twice."""
        rows = [(*_row_of(encounter), encounter.status == FINISHED) for encounter in encounters]
        self.many("keep-encounters", sorted(rows, key=lambda row: row[0]))

    def billable(self, patient_ids: Collection[UUID]) -> list[tuple[EncounterCondition, tuple[Coverage, ...]]]:
        """Encounters that await their bill, with who pays, locked."""
        rows = self.all("billable-encounters", patient_ids=list(patient_ids))
        return [(_encounter_of(row), tuple(_coverage_of(cover) for cover in row["coverages"])) for row in rows]

    def billed(self, encounter_ids: Collection[UUID]) -> None:
        """These wait no more."""
        self.run("encounters-billed", encounter_ids=list(encounter_ids))

    def waiting(self, seconds: int, cause: str, limit: int) -> list[tuple[UUID, UUID, UUID]]:
        """(encounter_id, patient_id, site_id) of those that have waited so long and have no task of that cause."""
        rows = self.all("waiting-encounters", seconds=seconds, cause=cause, limit=limit)
        return [(row["encounter_id"], row["patient_id"], row["site_id"]) for row in rows]


def _plain(coverage: Coverage) -> dict[str, Any]:
    return {**vars(coverage), "coverage_id": str(coverage.coverage_id)}


def _coverage_of(plain: Mapping[str, Any]) -> Coverage:
    return Coverage(**{**plain, "coverage_id": UUID(plain["coverage_id"])})


def _row_of(encounter: EncounterCondition) -> tuple[Any, ...]:
    lists = {
        "diagnoses": Json([vars(code) for code in encounter.diagnoses]),
        "procedures": Json([vars(done) for done in encounter.procedures]),
    }
    return tuple(lists.get(name, getattr(encounter, name)) for name in _COLUMNS)


def _encounter_of(row: Mapping[str, Any]) -> EncounterCondition:
    procedures = tuple(
        Procedure(**{**done, "diagnosis_pointers": tuple(done["diagnosis_pointers"])}) for done in row["procedures"]
    )
    lists = {"diagnoses": tuple(Coding(**code) for code in row["diagnoses"]), "procedures": procedures}
    return EncounterFinished(**{name: lists.get(name, row[name]) for name in _COLUMNS})
