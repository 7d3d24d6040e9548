"""What is known of patients' numbers beside the copies of others' facts."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.notifications.domain.number_failures import NumberFailure
from services.notifications.domain.wrong_numbers import WrongNumber
from services.notifications.repository.columns import columns
from shared.database.repository import Repository


class NumberRepository(Repository):
    """Whoever reads before an effect holds the number's lock."""

    def wrong(self, patient_id: UUID, number: str) -> WrongNumber | None:
        """What was said last of it, if anything ever was."""
        row = self.one("wrong-number", patient_id=patient_id, number=number)
        return WrongNumber(**row) if row else None

    def keep_wrong(self, said: WrongNumber) -> None:
        self.run("keep-wrong-number", **vars(said))

    def keep_failures(self, failures: Sequence[NumberFailure]) -> None:
        """No text goes there any more, but where somebody has answered from it since, or said that it is right."""
        last = {it.number: it for it in failures}
        if last:
            self.run("keep-number-failures", **columns([last[number] for number in sorted(last)]))

    def forget_failures(self, numbers: Collection[str]) -> None:
        """Texts go there again."""
        if numbers:
            self.run("forget-number-failures", numbers=sorted(set(numbers)))

    def site_of(self, patient_id: UUID) -> UUID | None:
        """The site of the patient's last visit."""
        row = self.one("site-of-patient", patient_id=patient_id)
        return row["site_id"] if row else None
