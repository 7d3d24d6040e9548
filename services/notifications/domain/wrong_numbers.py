"""A number that is not the patient's after all."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notifications.domain.tasks import Task
from services.notifications.domain.texts import WRONG_NUMBER
from shared.ids import derived_id


@dataclass(frozen=True, kw_only=True)
class WrongNumber:
    """What was said last of a patient's number, how it is known, when and by whom."""

    patient_id: UUID
    number: str
    report_id: UUID
    wrong: bool
    evidence: str
    reported_at: datetime
    reported_by: str


def task_to_ask_for_a_number(said: WrongNumber, site_id: UUID | None) -> Task:
    """Somebody has to ask the patient for a number that is hers."""
    return Task(
        task_id=derived_id(said.report_id, f"task/{WRONG_NUMBER}"),
        site_id=site_id,
        reason=WRONG_NUMBER,
        opened_at=said.reported_at,
        patient_id=said.patient_id,
    )
