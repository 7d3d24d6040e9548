"""What is known of patients' numbers beside the copies of others' facts."""

from uuid import UUID

from services.notifications.domain.wrong_numbers import WrongNumber
from shared.database.repository import Repository


class NumberRepository(Repository):
    """Whoever reads before an effect holds the number's lock."""

    def wrong(self, patient_id: UUID, number: str) -> WrongNumber | None:
        """What was said last of it, if anything ever was."""
        row = self.one("wrong-number", patient_id=patient_id, number=number)
        return WrongNumber(**row) if row else None

    def keep_wrong(self, said: WrongNumber) -> None:
        self.run("keep-wrong-number", **vars(said))

    def site_of(self, patient_id: UUID) -> UUID | None:
        """The site of the patient's last visit."""
        row = self.one("site-of-patient", patient_id=patient_id)
        return row["site_id"] if row else None
