"""What happened at a visit: opened by a check-in, finished once, or never happened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from services.records.domain.errors import EncounterAlreadyFinished, EncounterVoided, PointerWithoutDiagnosis
from shared.errors import require_version
from shared.events.records import Coding, EncounterCondition, Procedure
from shared.events.scheduling import AppointmentCondition
from shared.ids import encounter_id_of

E = TypeVar("E", bound=EncounterCondition)

IN_PROGRESS = "in-progress"
FINISHED = "finished"
ENTERED_IN_ERROR = "entered-in-error"


@dataclass(frozen=True, kw_only=True)
class Encounter:
    """One encounter. `patient_version` is the patient as known when it was finished: who pays is read from it."""

    encounter_id: UUID
    version: int
    appointment_id: UUID
    arrival_id: UUID
    patient_id: UUID
    patient_version: int | None
    site_id: UUID
    practitioner_id: UUID
    status: str
    started_at: datetime
    finished_at: datetime | None = None
    diagnoses: tuple[Coding, ...] = ()
    procedures: tuple[Procedure, ...] = ()

    def told_as(self, event: type[E]) -> E:
        """The whole condition as a fact of that type."""
        return event(**vars(self))

    def finished(
        self,
        *,
        diagnoses: Sequence[Coding],
        procedures: Sequence[Procedure],
        patient_version: int,
        at: datetime,
        version: int | None = None,
    ) -> "Encounter":
        """Final. Raises EncounterAlreadyFinished, EncounterVoided, Stale, PointerWithoutDiagnosis."""
        self._require_open(version)
        _require_pointers(diagnoses, procedures)
        return replace(
            self,
            version=self.version + 1,
            status=FINISHED,
            finished_at=at,
            patient_version=patient_version,
            diagnoses=tuple(diagnoses),
            procedures=tuple(procedures),
        )

    def voided(self) -> "Encounter":
        """It never happened. A finished encounter stays as it is."""
        if self.status != IN_PROGRESS:
            return self
        return replace(self, version=self.version + 1, status=ENTERED_IN_ERROR)

    def _require_open(self, version: int | None) -> None:
        if self.status == FINISHED:
            raise EncounterAlreadyFinished
        if self.status == ENTERED_IN_ERROR:
            raise EncounterVoided
        require_version(version, self.version)


def opened_by(arrived: AppointmentCondition) -> Encounter:
    """The encounter of a check-in. Its id and its times come from the condition, so that each replay opens the same."""
    if arrived.arrival_id is None or arrived.arrived_at is None:
        raise ValueError("only a check-in opens an encounter")
    return Encounter(
        encounter_id=encounter_id_of(arrived.arrival_id),
        version=1,
        appointment_id=arrived.appointment_id,
        arrival_id=arrived.arrival_id,
        patient_id=arrived.patient_id,
        patient_version=None,
        site_id=arrived.site_id,
        practitioner_id=arrived.practitioner_id,
        status=IN_PROGRESS,
        started_at=arrived.arrived_at,
    )


def _require_pointers(diagnoses: Sequence[Coding], procedures: Sequence[Procedure]) -> None:
    known = range(1, len(diagnoses) + 1)
    errors = [
        {"field": f"procedures.{place}.diagnosis_pointers", "message": f"Point at diagnoses 1 to {len(diagnoses)}."}
        for place, procedure in enumerate(procedures)
        if not all(pointer in known for pointer in procedure.diagnosis_pointers)
    ]
    if errors:
        raise PointerWithoutDiagnosis(errors=errors)
