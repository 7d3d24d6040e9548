"""One text: due -> claimed -> accepted | refused | unknown -> delivered | failed, or skipped with its reason.

What a carrier certainly did not take is due again.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.asks import Ask, Asked
from services.notifications.domain.sites import SiteCopy
from services.notifications.domain.visits import Telling, Visit, due_text
from services.notifications.domain.wording import Words
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
WRONG_NUMBER = "wrong-number"
NUMBER_INVALID = "number-invalid"
NUMBER_NOT_FOR_TEXTS = "number-not-for-texts"
VISIT_CHANGED = "visit-changed"
TOO_LATE = "too-late"
# It would go in quiet hours, and be of no use after them.
QUIET_HOURS = "quiet-hours"
# A reminder that comes when the patient is on the way already.
TOO_LATE_TO_ACT = "too-late-to-act"
# A later reminder of the visit is due as well.
SUPERSEDED = "superseded"
# The patient has had as many texts as the network allows.
CAPPED = "capped"
NO_LONGER_ASKED = "no-longer-asked"
RUN_STOPPED = "run-stopped"

# A person has to know of these: the patient was not reached and nothing will reach her by itself.
REASONS_FOR_A_TASK = frozenset(
    {NO_PHONE, NO_CONSENT, WRONG_NUMBER, NUMBER_INVALID, NUMBER_NOT_FOR_TEXTS, QUIET_HOURS, TOO_LATE_TO_ACT, CAPPED}
)

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


def says_more(known: str, told: str, *, tried: bool) -> bool:
    """Whether an outcome is news: more than what is known. `tried`: it was handed to the carrier before.

    What was put back is with the carrier after all, where the carrier itself says so.
    """
    if known == DUE:
        return tried and _FURTHER[told] >= _FURTHER[ACCEPTED]
    if known == SKIPPED:
        return False
    return known == CLAIMED or _FURTHER[told] > _FURTHER[known]


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text about one appointment, or one that asks about something else (`asked_id`).

    `counted`: it counts towards the caps. `lead`: the window of a reminder (P2D, PT2H, after-miss); None for a text
    that tells what became of the visit. `place_id`: the site of the time that is proposed. `run_id`: it is one of many.
    `version` counts the conditions that were told as events.
    """

    text_id: UUID
    appointment_id: UUID | None
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
    template_id: UUID | None = None
    template_version: int | None = None
    language: str | None = None
    lead: str | None = None
    counted: bool = False
    asked_id: UUID | None = None
    place_id: UUID | None = None
    run_id: UUID | None = None

    @property
    def tells(self) -> bool:
        """Whether it says what became of a visit: no reminder, and nothing that is asked beside it."""
        return self.asked_id is None and self.lead is None

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
            template_id=attempt.words.template_id,
            template_version=attempt.words.template_version,
            language=attempt.words.language,
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
        """Whether an outcome still says something new."""
        return says_more(self.status, status, tried=self.attempt_id is not None)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Under which id, through which carrier, from and to which number and in whose words it is sent.

    `body_hash` is a digest of the words with their values, `words` are those of the template.
    """

    attempt_id: UUID
    gateway: str
    from_number: str
    number: str
    body_hash: str
    words: Words


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A text that looked due when it was listed, with the copies that its words need. `given` is the patient's name,
    `language` what she is to be texted in; they are of `patient_version`, and hold while that does.

    `waited`: once a copy was missing, so that there may be a task about it. `is_companion`: it was not listed for
    itself, and may go with one that was.
    """

    text_id: UUID
    kind: str
    start_at: datetime
    appointment_id: UUID | None
    patient_id: UUID
    patient_version: int
    site_id: UUID
    site: SiteCopy
    network_name: str
    sender: str
    waited: bool
    given: str | None = None
    language: str | None = None
    asked_id: UUID | None = None
    run_id: UUID | None = None
    lead: str | None = None
    is_companion: bool = False


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
    assert text.appointment_id is not None  # noqa: S101  # none is told that is about no visit
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
        start_at=text.start_at,
        asked_id=text.asked_id,
        asked_site_id=text.place_id,
    )


def after_telling(telling: Telling, text: Text) -> Telling:
    """With the text told."""
    return telling.after_telling(text.kind, text.start_at, text.text_id, text.site_id)


def why_not_about_the_visit(text: Text, visit: Visit, telling: Telling, now: datetime) -> str | None:
    """Why the text is of no use any more, or None: the visit has changed, or has begun."""
    due = due_text(visit, telling)
    if due is None or due.text_id != text.text_id:
        return VISIT_CHANGED
    return TOO_LATE if text.start_at <= now else None


def why_not_about_the_ask(text: Text, ask: Ask, asked: Asked, now: datetime) -> str | None:
    """The same for one that asks: it was answered or withdrawn, or nobody could answer it in time."""
    due = ask.due(asked)
    if due is None or due.text_id != text.text_id:
        return NO_LONGER_ASKED
    return TOO_LATE if due.of_use_until <= now else None
