"""Copies of other services' facts: the newest condition of each, as far as the day sheet shows it."""

from collections.abc import Sequence

from shared.database.repository import Repository
from shared.events.notifications import TextCondition
from shared.events.records import PatientCondition


class CopyRepository(Repository):
    """Patients' names and the state of texts. Rows are written in the order of their ids, against deadlocks."""

    def keep_patients(self, patients: Sequence[PatientCondition]) -> None:
        """One condition a patient."""
        ordered = sorted(patients, key=lambda it: it.patient_id)
        self.many_later(
            "keep-patients", [(it.patient_id, it.version, it.given, it.family, it.birth_on) for it in ordered]
        )

    def keep_texts(self, texts: Sequence[TextCondition]) -> None:
        """One condition a text."""
        ordered = sorted(texts, key=lambda it: it.text_id)
        self.many_later(
            "keep-texts",
            [
                (it.text_id, it.version, it.appointment_id, it.site_id, it.kind, it.status, it.reason, it.changed_at)
                for it in ordered
            ],
        )
