"""What only a person can mend: one task a cause and encounter, the same on every replay."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.ids import derived_id

# The patient's condition that the bill is read from has not come within a minute.
PATIENT_MISSING = "patient-missing"
WAIT_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to do about an encounter's bill. `cause` is a slug."""

    task_id: UUID
    site_id: UUID
    encounter_id: UUID
    patient_id: UUID
    cause: str
    opened_at: datetime


def task_of(*, encounter_id: UUID, patient_id: UUID, site_id: UUID, cause: str, at: datetime) -> Task:
    """The one task of that cause and encounter."""
    return Task(
        task_id=derived_id(encounter_id, f"task/{cause}"),
        site_id=site_id,
        encounter_id=encounter_id,
        patient_id=patient_id,
        cause=cause,
        opened_at=at,
    )
