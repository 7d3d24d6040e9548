"""What somebody at a site writes to a patient, in her own words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.domain.asked_answers import NO_OPT_OUT, why_not_to_be_asked
from services.notifications.domain.errors import ImpossibleText
from services.notifications.domain.segments import Length, length_of
from services.notifications.domain.single_texts import SingleText
from services.notifications.domain.tasks import FREE_TEXT_NOT_SENT, Task
from services.notifications.domain.templates import MOST_SEGMENTS
from services.notifications.domain.texts import ACCEPTED, CLAIMED, DELIVERED, DUE, TOO_LATE
from shared.ids import derived_id

# Whoever wrote it has done something else by then.
_OF_USE_FOR = timedelta(hours=4)


@dataclass(frozen=True, kw_only=True)
class FreeText(SingleText):
    """To that patient at that number, for that site. `written_by` is an account."""

    free_text_id: UUID
    conversation_id: UUID
    number: str
    site_id: UUID
    patient_id: UUID
    body: str
    written_by: str
    written_at: datetime
    due_at: datetime
    claimed_at: datetime | None = None

    @property
    def length(self) -> Length:
        return length_of(self.body)

    def why_too_late(self, now: datetime) -> str | None:
        """Why it is of no use any more, or None."""
        return TOO_LATE if now - self.due_at > _OF_USE_FOR else None

    @property
    def is_missed(self) -> bool:
        """Whether it did not reach the patient, or nobody knows."""
        return self.status not in {DUE, CLAIMED, ACCEPTED, DELIVERED}


@dataclass(frozen=True, kw_only=True)
class TextTried:
    """How long it would be, and why it may not be sent; None where it may."""

    length: Length
    why_not: str | None


def require_possible(body: str) -> Length:
    """How long it is. Raises ImpossibleText where it is too long, or asks for a word that carriers read as STOP."""
    length = length_of(body)
    why_not = why_not_to_be_asked(body)
    wrong = [] if why_not in (None, NO_OPT_OUT) else [why_not]
    if length.segments > MOST_SEGMENTS:
        wrong.append(f"It takes {length.segments} segments; {MOST_SEGMENTS} is the most.")
    if wrong:
        raise ImpossibleText(errors=[{"field": "body", "message": str(each)} for each in wrong])
    return length


def task_about_free_text(text: FreeText, now: datetime) -> Task:
    """What she wrote did not go out, or may not have: somebody calls."""
    return Task(
        task_id=derived_id(text.free_text_id, f"task/{FREE_TEXT_NOT_SENT}"),
        site_id=text.site_id,
        reason=FREE_TEXT_NOT_SENT,
        opened_at=now,
        patient_id=text.patient_id,
    )
