"""Fees, charges, claims and the claim feed. Amounts are integer cents."""

from marshmallow import fields, validate

from gateway.schemas.base import Body, Number, QueryNumber, Text, View, an_id, an_instant
from gateway.schemas.encounters import CodeView
from gateway.schemas.pages import Page, sorted_by
from shared.money import CURRENCY


class NewFee(Body):
    system = Text(200, required=True)
    code = Text(64, required=True)
    amount_cents = Number(0, 10**10, required=True)
    currency = fields.String(load_default="USD", validate=validate.Equal(CURRENCY))


class SetFees(Body):
    fees = fields.List(fields.Nested(NewFee), required=True, validate=validate.Length(1, 5000))


class FeeSearch(Page):
    system = Text(200)
    sort = sorted_by("system")


class Fee(View):
    system = fields.String()
    code = fields.String()
    amount_cents = fields.Integer()
    currency = fields.String()
    version = fields.Integer()


class ChargeSearch(Page):
    encounter_id = fields.UUID()
    site_id = fields.UUID()
    sort = sorted_by("captured_at")

    exactly_one_of = ("encounter_id", "site_id")


class Charge(View):
    charge_id = an_id()
    encounter_id = an_id()
    patient_id = an_id()
    site_id = an_id()
    claim_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    line = fields.Integer()
    system = fields.String()
    code = fields.String()
    units = fields.Integer()
    amount_cents = fields.Integer()
    currency = fields.String()
    responsible = fields.String(metadata={"description": "coverage (then with its claim) or patient"})
    captured_at = an_instant()
    version = fields.Integer()


class ClaimSearch(Page):
    site_id = fields.UUID()
    status = fields.String(validate=validate.OneOf(["active", "held"]))
    encounter_id = fields.UUID()
    sort = sorted_by("created_at")


class ClaimLine(View):
    line = fields.Integer()
    system = fields.String()
    code = fields.String()
    units = fields.Integer()
    amount_cents = fields.Integer()
    diagnosis_pointers = fields.List(fields.Integer())


class Claim(View):
    claim_id = an_id()
    version = fields.Integer()
    encounter_id = an_id()
    patient_id = an_id()
    site_id = an_id()
    payer_id = fields.String(allow_none=True)
    payer_name = fields.String(allow_none=True)
    status = fields.String()
    held_reason = fields.String(allow_none=True)
    lines = fields.List(fields.Nested(ClaimLine))
    diagnoses = fields.List(fields.Nested(CodeView))
    total_cents = fields.Integer()
    currency = fields.String()
    created_at = an_instant()


class FeedQuestion(Body):
    after = QueryNumber(0, 2**62, load_default=0)
    limit = QueryNumber(1, 1000)


class FeedRow(View):
    sequence = fields.Integer()
    claim_id = an_id()
    claim_version = fields.Integer()
    type = fields.String()
    status = fields.String()
    held_reason = fields.String(allow_none=True)
    site_id = an_id()
    encounter_id = an_id()
    payer_id = fields.String(allow_none=True)
    total_cents = fields.Integer()
    currency = fields.String()
    occurred_at = an_instant()
