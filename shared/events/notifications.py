"""The facts that notifications tells."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.base import Condition


@dataclass(frozen=True, kw_only=True)
class TextCondition(Condition):
    """One text. `status`: accepted, delivered, failed, unknown, refused, skipped (with its reason)."""

    source = "notifications"
    aggregate = "text"
    subject_field = "text_id"

    text_id: UUID
    appointment_id: UUID
    patient_id: UUID
    site_id: UUID
    kind: str
    status: str
    reason: str | None
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class TextSent(TextCondition):
    """The text gateway accepted the text."""

    type = "text-sent"


@dataclass(frozen=True, kw_only=True)
class TextSkipped(TextCondition):
    """The text was not sent; `reason` says why."""

    type = "text-skipped"


@dataclass(frozen=True, kw_only=True)
class TextDelivered(TextCondition):
    """The text is on the patient's handset, says the carrier."""

    type = "text-delivered"


@dataclass(frozen=True, kw_only=True)
class TextFailed(TextCondition):
    """The gateway refused the text, could not deliver it, or nobody knows whether it took it (`status` unknown)."""

    type = "text-failed"


@dataclass(frozen=True, kw_only=True)
class PatientOptedOut(Condition):
    """A number said STOP (or START again: `opted_out` false)."""

    type = "patient-opted-out"
    source = "notifications"
    aggregate = "opt-out"
    subject_field = "opt_out_id"

    opt_out_id: UUID
    number: str
    opted_out: bool
    changed_at: datetime
