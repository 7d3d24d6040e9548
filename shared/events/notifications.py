"""The facts that notifications tells."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.base import Condition


@dataclass(frozen=True, kw_only=True)
class TextCondition(Condition):
    """One text about an appointment. `status`: accepted, delivered, failed, unknown, refused, skipped (with reason).

    `start_at` is the time that it names. One that asks about another time for the appointment has `asked_id`, the place
    of the appointment on a list, and the time is at `asked_site_id`.
    """

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
    start_at: datetime | None = None
    asked_id: UUID | None = None
    asked_site_id: UUID | None = None


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
class ReplyReceived(Condition):
    """A patient answered one of our texts. `meaning`: confirm, decline or reschedule; told once.

    `answers` is what the text asked about: an appointment, as it stood then (`start_at`), or a waitlist-offer (of
    `start_at`; `asked_id` is its id, and `appointment_id` the later visit that would be moved), or a reschedule (the
    place `asked_id` of the visit on a list, and the time `start_at` at `asked_site_id` that was proposed). What the
    reply does to it is for its owner to judge: it may have changed since.
    """

    type = "reply-received"
    source = "notifications"
    aggregate = "reply"
    subject_field = "reply_id"

    reply_id: UUID
    meaning: str
    answers: str
    text_id: UUID
    site_id: UUID
    patient_id: UUID
    appointment_id: UUID | None
    start_at: datetime | None
    received_at: datetime
    asked_id: UUID | None = None
    asked_site_id: UUID | None = None


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
