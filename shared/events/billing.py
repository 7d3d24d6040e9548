"""The facts that billing tells."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.base import Condition
from shared.events.records import Coding


@dataclass(frozen=True, kw_only=True)
class ChargeCaptured(Condition):
    """One finished procedure has its price. `payer` says who is asked: coverage or patient."""

    type = "charge-captured"
    source = "billing"
    aggregate = "charge"
    subject_field = "charge_id"

    charge_id: UUID
    encounter_id: UUID
    patient_id: UUID
    site_id: UUID
    payer: str
    amount_cents: int
    currency: str
    captured_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClaimLine:
    """A service line (X12 837P loop 2400): code, units, amount, diagnosis pointers (1-based)."""

    line: int
    system: str
    code: str
    units: int
    amount_cents: int
    diagnosis_pointers: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ClaimCondition(Condition):
    """A claim. `status`: active (FHIR R4; ready for submission) or held, then with `held_reason`."""

    source = "billing"
    aggregate = "claim"
    subject_field = "claim_id"

    claim_id: UUID
    encounter_id: UUID
    patient_id: UUID
    site_id: UUID
    payer_id: str | None
    payer_name: str
    status: str
    held_reason: str | None
    diagnoses: tuple[Coding, ...]
    lines: tuple[ClaimLine, ...]
    total_cents: int
    currency: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClaimCreated(ClaimCondition):
    """A claim is ready for submission."""

    type = "claim-created"


@dataclass(frozen=True, kw_only=True)
class ClaimHeld(ClaimCondition):
    """A claim cannot be sent until a person has mended it."""

    type = "claim-held"


@dataclass(frozen=True, kw_only=True)
class ClaimFeedRow(Condition):
    """One row of a network's claim feed: ids, status, payer id, money; `version` is its gapless sequence.

    The aggregate is the feed itself, so `network_id` is its subject. No codes, no names.
    """

    type = "claim-feed-row"
    source = "billing"
    aggregate = "claim-feed"
    subject_field = "network_id"

    network_id: UUID
    event_type: str
    claim_id: UUID
    claim_version: int
    encounter_id: UUID
    site_id: UUID
    status: str
    held_reason: str | None
    payer_id: str | None
    total_cents: int
    currency: str
    occurred_at: datetime
