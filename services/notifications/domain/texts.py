"""One text: due -> claimed -> accepted | refused | unknown -> delivered | failed, or skipped with its reason.

What a carrier certainly did not take is due again.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.sites import SiteCopy
from services.notifications.domain.visits import Telling, Visit, due_text
from shared.events.notifications import TextCondition, TextDelivered, TextFailed, TextSent, TextSkipped

DUE = "due"
CLAIMED = "claimed"
ACCEPTED = "accepted"
DELIVERED = "delivered"
FAILED = "failed"
REFUSED = "refused"
UNKNOWN = "unknown"
SKIPPED = "skipped"

# Not a status of a text but what an attempt may come to: certainly not with the carrier.
NOT_TAKEN = "not-taken"

NO_PHONE = "no-phone"
NO_CONSENT = "no-consent"
OPTED_OUT = "opted-out"
VISIT_CHANGED = "visit-changed"
TOO_LATE = "too-late"

# A person has to know of these: the patient was not reached and nothing will reach her by itself.
REASONS_FOR_A_TASK = frozenset({NO_PHONE, NO_CONSENT})

_TOLD_AS = {
    ACCEPTED: TextSent,
    DELIVERED: TextDelivered,
    FAILED: TextFailed,
    SKIPPED: TextSkipped,
    REFUSED: TextFailed,
    UNKNOWN: TextFailed,
}

# What is known of a text only grows: receipts come twice, late and in any order, and each order ends in the same.
# A handset that has the text is the last word, whatever else was reported.
_FURTHER = {UNKNOWN: 0, REFUSED: 1, ACCEPTED: 2, FAILED: 3, DELIVERED: 4}


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
    tries: int = 0
    first_tried_at: datetime | None = None
    next_try_at: datetime | None = None
    body_hash: str | None = None
    looks: int = 0
    next_look_at: datetime | None = None
    gateway: str | None = None
    from_number: str | None = None

    def claim(self, attempt: "Attempt", now: datetime, real_now: datetime, ends_at: datetime) -> "Text":
        """Taken for sending: from here on it is sent at most once, but where the carrier certainly did not take it.

        `real_now` and `ends_at` are real time: after `ends_at`, a claim without an outcome belongs to a process that
        died.
        """
        return replace(
            self,
            status=CLAIMED,
            number=attempt.number,
            attempt_id=attempt.attempt_id,
            body_hash=attempt.body_hash,
            gateway=attempt.gateway,
            from_number=attempt.from_number,
            claimed_at=now,
            claim_ends_at=ends_at,
            changed_at=now,
            tries=self.tries + 1,
            first_tried_at=self.first_tried_at or real_now,
            next_try_at=None,
            looks=0,
            next_look_at=ends_at,
        )

    def put_back(self, next_try_at: datetime | None, now: datetime) -> "Text":
        """Due again: the carrier certainly does not have it. `next_try_at` is real time; None: at once.

        The attempt's id stays: a carrier that has the text after all names it.
        """
        return replace(
            self,
            status=DUE,
            reason=None,
            claimed_at=None,
            claim_ends_at=None,
            next_try_at=next_try_at,
            changed_at=now,
        )

    def skip(self, reason: str, now: datetime) -> "Text":
        """Not sent, for that reason."""
        return replace(self, status=SKIPPED, reason=reason, version=self.version + 1, changed_at=now)

    def settle(self, outcome: "Outcome", now: datetime) -> "Text":
        """With what the gateway said."""
        return replace(
            self,
            status=outcome.status,
            reason=outcome.reason,
            sid=outcome.sid or self.sid,
            version=self.version + 1,
            changed_at=now,
            claimed_at=self.claimed_at or now,
            next_try_at=None,
        )

    def may_become(self, status: str) -> bool:
        """Whether an outcome still says something new.

        What was put back is with the carrier after all, where the carrier itself says so.
        """
        if self.status == DUE:
            return self.attempt_id is not None and _FURTHER[status] >= _FURTHER[ACCEPTED]
        if self.status == SKIPPED:
            return False
        return self.status == CLAIMED or _FURTHER[status] > _FURTHER[self.status]


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Under which id, through which carrier, from and to which number and with which words (a digest) it is sent."""

    attempt_id: UUID
    gateway: str
    from_number: str
    number: str
    body_hash: str


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A text that looked due when it was listed, with the copies that its words need.

    `waited`: once a copy was missing, so that there may be a task about it.
    """

    text_id: UUID
    appointment_id: UUID
    patient_id: UUID
    patient_version: int
    site_id: UUID
    site: SiteCopy
    sender: str
    waited: bool


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """accepted (with the gateway's `sid`), refused (with its reason), not-taken or unknown.

    `retry_after_s`: how long the carrier asks to be left alone. `opted_out`: it knows of an opt-out of the number.
    """

    status: str
    sid: str | None = None
    reason: str | None = None
    retry_after_s: float | None = None
    opted_out: bool = False


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
