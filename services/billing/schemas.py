"""What commands and questions of billing look like on the wire."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.billing.domain import commands
from services.billing.domain.fees import Fee
from shared.money import CURRENCY
from shared.schemas import PHI, CommandSchema, PageQuestion, page_of, sorted_by, words


class OpenNetworkSchema(CommandSchema):
    """`open_network`, command and answer."""

    makes = commands.OpenNetwork
    network_id = fields.UUID(required=True)
    name = words(200, required=True)


class FeeSchema(CommandSchema):
    """What one unit of a code costs, in integer cents."""

    makes = Fee
    system = words(200, required=True)
    code = words(64, required=True)
    amount_cents = fields.Integer(required=True, strict=True, validate=validate.Range(0, 10**10))
    currency = fields.String(load_default=CURRENCY, validate=validate.Equal(CURRENCY))


class SetFeesSchema(Schema):
    """`set_fees`: other codes keep their fees."""

    fees = fields.List(fields.Nested(FeeSchema), required=True, validate=validate.Length(1, 5000))

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> commands.SetFees:
        return commands.SetFees(fees=tuple(loaded["fees"]))


class SetFeesAnswer(Schema):
    """What was set."""

    fees = fields.List(fields.Nested(FeeSchema))


class FeesQuestion(PageQuestion):
    """`fees`."""

    system = words(200, load_default=None, allow_none=True)
    sort = sorted_by("system")


class ChargesQuestion(PageQuestion):
    """`charges` of an encounter or of a site."""

    encounter_id = fields.UUID()
    site_id = fields.UUID()
    sort = sorted_by("captured_at")

    @validates_schema
    def one_of_the_two(self, loaded: dict[str, Any], **_: Any) -> None:
        if ("site_id" in loaded) == ("encounter_id" in loaded):
            raise ValidationError("Give either site_id or encounter_id.", "site_id")


class ClaimsQuestion(PageQuestion):
    """`claims`."""

    encounter_id = fields.UUID()
    site_id = fields.UUID()
    status = fields.String(validate=validate.OneOf(["active", "held"]))
    sort = sorted_by("created_at")


class ClaimQuestion(Schema):
    """`claim`."""

    claim_id = fields.UUID(required=True)


class ClaimFeedQuestion(Schema):
    """`claim_feed`: the rows after this number."""

    after = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**62))
    limit = fields.Integer(load_default=200, validate=validate.Range(1, 1000))


class TasksQuestion(PageQuestion):
    """`tasks` of a site."""

    site_id = fields.UUID(required=True)
    sort = sorted_by("opened_at")


FeesAnswer = page_of(FeeSchema)


class ChargeAnswer(Schema):
    """A charge. `responsible`: coverage (then with its claim) or patient."""

    charge_id = fields.UUID()
    version = fields.Integer()
    encounter_id = fields.UUID()
    line = fields.Integer()
    patient_id = fields.UUID()
    site_id = fields.UUID()
    responsible = fields.String(attribute="payer")
    claim_id = fields.UUID(allow_none=True)
    system = fields.String()
    code = fields.String()
    units = fields.Integer()
    amount_cents = fields.Integer()
    currency = fields.String()
    captured_at = fields.AwareDateTime(format="iso")


ChargesAnswer = page_of(ChargeAnswer)


class CodingAnswer(Schema):
    """A code of a system."""

    system = fields.String()
    code = fields.String()


class ClaimLineAnswer(CodingAnswer):
    """A service line; pointers are 1-based places in the claim's diagnoses."""

    line = fields.Integer()
    units = fields.Integer()
    amount_cents = fields.Integer()
    diagnosis_pointers = fields.List(fields.Integer())


class ClaimAnswer(Schema):
    """A claim: active (ready for submission), or held with its reason."""

    claim_id = fields.UUID()
    version = fields.Integer()
    encounter_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.UUID()
    payer_id = fields.String(allow_none=True)
    payer_name = fields.String()
    status = fields.String()
    held_reason = fields.String(allow_none=True)
    diagnoses = fields.List(fields.Nested(CodingAnswer), metadata=PHI)
    lines = fields.List(fields.Nested(ClaimLineAnswer), metadata=PHI)
    total_cents = fields.Integer()
    currency = fields.String()
    created_at = fields.AwareDateTime(format="iso")


ClaimsAnswer = page_of(ClaimAnswer)


class FeedRowAnswer(Schema):
    """A row of the claim feed: neither codes nor names."""

    sequence = fields.Integer()
    type = fields.String(attribute="event_type")
    claim_id = fields.UUID()
    claim_version = fields.Integer()
    encounter_id = fields.UUID()
    site_id = fields.UUID()
    status = fields.String()
    held_reason = fields.String(allow_none=True)
    payer_id = fields.String(allow_none=True)
    total_cents = fields.Integer()
    currency = fields.String()
    occurred_at = fields.AwareDateTime(format="iso")


ClaimFeedAnswer = page_of(FeedRowAnswer)


class TaskAnswer(Schema):
    """What a person has to mend."""

    task_id = fields.UUID()
    site_id = fields.UUID()
    encounter_id = fields.UUID()
    patient_id = fields.UUID()
    reason = fields.String(attribute="cause")
    opened_at = fields.AwareDateTime(format="iso")


TasksAnswer = page_of(TaskAnswer)
