"""When a network reminds its patients, on the wire."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.notifications.domain.commands import SetReminderRules
from services.notifications.domain.reminders import LEAD, Lead, ReminderRule, lead_of
from shared.schemas import CommandSchema, version

_MOST_RULES = 200
_MOST_LEADS = 5


class LeadField(fields.String):
    """How long before the visit, as ISO 8601 writes it: P2D, PT2H."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        written = super()._deserialize(value, attr, data, **more)
        if not LEAD.match(written):
            raise ValidationError("Give P1D to P30D, or PT1H to PT72H.")
        return lead_of(written)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> Any:
        return super()._serialize(str(value), attr, obj, **more)


def _different(leads: list[Lead]) -> None:
    if len(set(leads)) != len(leads):
        raise ValidationError("Give each once.")


class ReminderRuleSchema(CommandSchema):
    """In and out."""

    makes = ReminderRule
    site_id = fields.UUID(load_default=None, allow_none=True)
    appointment_type_id = fields.UUID(load_default=None, allow_none=True)
    before = fields.List(LeadField(), required=True, validate=[validate.Length(max=_MOST_LEADS), _different])
    after_miss = fields.Boolean(required=True)


class SetReminderRulesSchema(CommandSchema):
    """`set_reminder_rules`."""

    makes = SetReminderRules
    rules = fields.List(fields.Nested(ReminderRuleSchema), required=True, validate=validate.Length(max=_MOST_RULES))
    version = version()

    @validates_schema
    def one_of_a_place(self, loaded: dict[str, Any], **_: Any) -> None:
        if len({rule.place for rule in loaded["rules"]}) != len(loaded["rules"]):
            raise ValidationError("Two rules are for one site and appointment type.", "rules")


class ReminderRulesQuestion(Schema):
    """`reminder_rules` of the network."""


class ReminderRulesAnswer(Schema):
    """All of them."""

    rules = fields.List(fields.Nested(ReminderRuleSchema))
    version = fields.Integer()
