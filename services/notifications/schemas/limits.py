"""Within which limits a network texts, on the wire."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.notifications.domain.commands import SetTextingLimits
from services.notifications.domain.quiet_hours import QuietHours
from shared.schemas import CommandSchema, version

_MOST = 100


class QuietHoursSchema(CommandSchema):
    """Wall-clock times `HH:MM`; in and out."""

    makes = QuietHours
    starts = fields.Time(required=True, format="%H:%M")
    ends = fields.Time(required=True, format="%H:%M")
    sundays = fields.Boolean(required=True)
    holidays = fields.Boolean(required=True)
    answers_wait = fields.Boolean(required=True)

    @validates_schema
    def some_hours(self, loaded: dict[str, Any], **_: Any) -> None:
        if loaded["starts"] == loaded["ends"]:
            raise ValidationError("Must not be the same as starts.", "ends")


class SetTextingLimitsSchema(CommandSchema):
    """`set_texting_limits`."""

    makes = SetTextingLimits
    quiet = fields.Nested(QuietHoursSchema, required=True, allow_none=True)
    most_a_day = fields.Integer(required=True, strict=True, allow_none=True, validate=validate.Range(1, _MOST))
    most_a_week = fields.Integer(required=True, strict=True, allow_none=True, validate=validate.Range(1, _MOST))
    version = version()


class TextingLimitsQuestion(Schema):
    """`texting_limits` of the network."""


class TextingLimitsAnswer(Schema):
    """Within which limits the network texts."""

    quiet = fields.Nested(QuietHoursSchema, allow_none=True)
    most_a_day = fields.Integer(allow_none=True)
    most_a_week = fields.Integer(allow_none=True)
    version = fields.Integer()
