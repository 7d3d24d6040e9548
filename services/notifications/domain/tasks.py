"""What a person has to do because the machine must not: ids and a reason, never a patient's data."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notifications.domain.texts import FAILED, REASONS_FOR_A_TASK, REFUSED, UNKNOWN, Text
from shared.ids import derived_id, new_id

COPY_MISSING = "copy-missing"
TEXT_REFUSED = "text-refused"
TEXT_UNKNOWN = "text-unknown"
TEXT_FAILED = "text-failed"
REPLY = "reply"
REPLY_CANCEL = "reply-cancel"

_BY_STATUS = {REFUSED: TEXT_REFUSED, UNKNOWN: TEXT_UNKNOWN, FAILED: TEXT_FAILED}
# These end with their cause alone: closed by hand they would hide it, or come back at once.
ENDS_WITH_ITS_CAUSE = frozenset({COPY_MISSING, TEXT_UNKNOWN})
# Each is about what became of a text, and ends when that is known better.
ABOUT_ITS_FATE = tuple(_BY_STATUS.values())


@dataclass(frozen=True, kw_only=True)
class Task:
    """`site_id` is None where no site can be told; `message_id` names the reply that a person should read."""

    task_id: UUID
    site_id: UUID | None
    reason: str
    opened_at: datetime
    text_id: UUID | None = None
    appointment_id: UUID | None = None
    patient_id: UUID | None = None
    message_id: str | None = None


def task_about(text: Text, reason: str, now: datetime) -> Task:
    """The one task of that reason about a text."""
    return Task(
        task_id=derived_id(text.text_id, f"task/{reason}"),
        site_id=text.site_id,
        reason=reason,
        opened_at=now,
        text_id=text.text_id,
        appointment_id=text.appointment_id,
        patient_id=text.patient_id,
    )


def task_after(text: Text, now: datetime) -> Task | None:
    """The task that the text's present condition calls for, if any."""
    reason = _BY_STATUS.get(text.status)
    if reason is None and text.reason in REASONS_FOR_A_TASK:
        reason = text.reason
    return task_about(text, reason, now) if reason else None


def task_to_read(message_id: str, reason: str, site_id: UUID | None, now: datetime) -> Task:
    """A person should read that reply."""
    return Task(task_id=new_id(), site_id=site_id, reason=reason, opened_at=now, message_id=message_id)
