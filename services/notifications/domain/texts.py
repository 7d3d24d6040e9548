"""One text: due -> claimed -> accepted | refused | unknown, or skipped with its reason."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.visits import Telling, Visit, due_text
from shared.events.notifications import TextCondition, TextFailed, TextSent, TextSkipped

DUE = "due"
CLAIMED = "claimed"
ACCEPTED = "accepted"
REFUSED = "refused"
UNKNOWN = "unknown"
SKIPPED = "skipped"

NO_PHONE = "no-phone"
NO_CONSENT = "no-consent"
OPTED_OUT = "opted-out"
VISIT_CHANGED = "visit-changed"
TOO_LATE = "too-late"

# A person has to know of these: the patient was not reached and nothing will reach her by itself.
REASONS_FOR_A_TASK = frozenset({NO_PHONE, NO_CONSENT})

_TOLD_AS = {ACCEPTED: TextSent, SKIPPED: TextSkipped, REFUSED: TextFailed, UNKNOWN: TextFailed}


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text about one appointment. `version` counts the conditions that were told as events."""

    text_id: UUID
    appointment_id: UUID
    patient_id: UUID
    site_id: UUID
    kind: str
    start_at: datetime
    status: str
    due_at: datetime
    version: int = 0
    reason: str | None = None
    number: str | None = None
    attempt_id: UUID | None = None
    claimed_at: datetime | None = None
    claim_ends_at: datetime | None = None
    sid: str | None = None
    changed_at: datetime | None = None

    def claim(self, number: str, attempt_id: UUID, now: datetime, ends_at: datetime) -> "Text":
        """Taken for sending: from here on it is sent at most once and never again by itself.

        `ends_at` is real time: after it, a claim without an outcome belongs to a process that died.
        """
        return replace(
            self,
            status=CLAIMED,
            number=number,
            attempt_id=attempt_id,
            claimed_at=now,
            claim_ends_at=ends_at,
            changed_at=now,
        )

    def skip(self, reason: str, now: datetime) -> "Text":
        """Not sent, for that reason."""
        return replace(self, status=SKIPPED, reason=reason, version=self.version + 1, changed_at=now)

    def settle(self, outcome: "Outcome", now: datetime) -> "Text":
        """With what the gateway said. A claim given up as unknown may still learn the truth, and nothing else may."""
        return replace(
            self,
            status=outcome.status,
            reason=outcome.reason,
            sid=outcome.sid,
            version=self.version + 1,
            changed_at=now,
        )

    def may_become(self, status: str) -> bool:
        """Whether an outcome still says something new."""
        return self.status == CLAIMED or (self.status == UNKNOWN and status != UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A text that looked due when it was listed."""

    text_id: UUID
    appointment_id: UUID
    patient_id: UUID


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """accepted (with the gateway's `sid`), refused (with its reason) or unknown."""

    status: str
    sid: str | None = None
    reason: str | None = None


def event_of(text: Text) -> TextCondition:
    """The fact that the text's present condition is."""
    made = _TOLD_AS[text.status]
    assert text.changed_at is not None  # noqa: S101  # set by every change that is told
    return made(
        text_id=text.text_id,
        version=text.version,
        appointment_id=text.appointment_id,
        patient_id=text.patient_id,
        site_id=text.site_id,
        kind=text.kind,
        status=text.status,
        reason=text.reason,
        changed_at=text.changed_at,
    )


def why_not_about_the_visit(text: Text, visit: Visit, telling: Telling, now: datetime) -> str | None:
    """Why the text is of no use any more, or None: the visit has changed, or has begun."""
    due = due_text(visit, telling)
    if due is None or due.text_id != text.text_id:
        return VISIT_CHANGED
    return TOO_LATE if text.start_at <= now else None
