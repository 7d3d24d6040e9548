"""The wire shapes of billing's facts."""

from marshmallow import fields

from shared.events import billing
from shared.events.schemas.base import ConditionSchema, DataSchema, instant, many, text, uuid, whole
from shared.events.schemas.records import CodingSchema


class ChargeSchema(ConditionSchema):
    """`charge-captured`."""

    charge_id = uuid()
    encounter_id = uuid()
    patient_id = uuid()
    site_id = uuid()
    payer = text()
    amount_cents = whole()
    currency = text()
    captured_at = instant()


class ClaimLineSchema(DataSchema):
    """A service line."""

    makes = billing.ClaimLine
    line = whole()
    system = text()
    code = text()
    units = whole()
    amount_cents = whole()
    diagnosis_pointers = many(fields.Integer(strict=True))


class ClaimSchema(ConditionSchema):
    """Every `claim-*` event."""

    claim_id = uuid()
    encounter_id = uuid()
    patient_id = uuid()
    site_id = uuid()
    payer_id = text(allow_none=True)
    payer_name = text(phi=True)
    status = text()
    held_reason = text(allow_none=True)
    diagnoses = many(CodingSchema, phi=True)
    lines = many(ClaimLineSchema, phi=True)
    total_cents = whole()
    currency = text()
    created_at = instant()


class ClaimFeedRowSchema(ConditionSchema):
    """A row of the claim feed: neither codes nor names."""

    network_id = uuid()
    event_type = text()
    claim_id = uuid()
    claim_version = whole()
    encounter_id = uuid()
    site_id = uuid()
    status = text()
    held_reason = text(allow_none=True)
    payer_id = text(allow_none=True)
    total_cents = whole()
    currency = text()
    occurred_at = instant()
