"""When texts may go."""

from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.schemas.base import Body, Number, View, YesNo

_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z"
_MOST = {
    "description": "texts of one purpose to one patient, by the site's days; a week is today and the six days before;"
    " null: any number"
}
_LEAD = r"^P(([1-9]|[12][0-9]|30)D|T([1-9]|[1-6][0-9]|7[0-2])H)\Z"
_ANSWERS = {
    "description": "whether that holds for what is told within ten minutes of a change too, which mostly answers the"
    " patient's own act"
}


class QuietHours(Body):
    starts = fields.String(required=True, validate=validate.Regexp(_CLOCK), metadata={"example": "21:00"})
    ends = fields.String(required=True, validate=validate.Regexp(_CLOCK), metadata={"example": "08:00"})
    sundays = YesNo(required=True, metadata={"description": "whether Sundays are quiet"})
    holidays = YesNo(required=True, metadata={"description": "whether days are quiet on which the site is closed"})
    answers_wait = YesNo(required=True, metadata=_ANSWERS)

    @validates_schema
    def _some_hours(self, data: dict[str, str], **_: object) -> None:
        if "starts" in data and data["starts"] == data.get("ends"):
            raise ValidationError("Must not be the same as starts.", "ends")


class SetTextingLimits(Body):
    quiet = fields.Nested(
        QuietHours,
        required=True,
        allow_none=True,
        metadata={"description": "by the clock of the site and of the number's area code; null: texts go at all hours"},
    )
    most_a_day = Number(1, 100, required=True, allow_none=True, metadata=_MOST)
    most_a_week = Number(1, 100, required=True, allow_none=True, metadata=_MOST)


class QuietHoursView(View):
    starts = fields.String()
    ends = fields.String()
    sundays = fields.Boolean()
    holidays = fields.Boolean()
    answers_wait = fields.Boolean()


class TextingLimits(View):
    quiet = fields.Nested(QuietHoursView, allow_none=True)
    most_a_day = fields.Integer(allow_none=True)
    most_a_week = fields.Integer(allow_none=True)
    version = fields.Integer(metadata={"description": "0: nothing was set, and the defaults hold"})


class ReminderRule(Body):
    site_id = fields.UUID(allow_none=True, metadata={"description": "null: for all sites"})
    appointment_type_id = fields.UUID(allow_none=True, metadata={"description": "null: for all types"})
    before = fields.List(
        fields.String(validate=validate.Regexp(_LEAD), metadata={"example": "P2D"}),
        required=True,
        validate=validate.Length(max=5),
        metadata={
            "description": "P1D to P30D (days, at the same local hour) or PT1H to PT72H, each once; empty: no reminder",
            "uniqueItems": True,
        },
    )
    after_miss = YesNo(required=True, metadata={"description": "whether a missed visit is texted about"})


class SetReminderRules(Body):
    rules = fields.List(fields.Nested(ReminderRule), required=True, validate=validate.Length(max=200))


class ReminderRuleView(View):
    site_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    appointment_type_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    before = fields.List(fields.String())
    after_miss = fields.Boolean()


class ReminderRules(View):
    rules = fields.List(fields.Nested(ReminderRuleView))
    version = fields.Integer(metadata={"description": "0: nothing was set, and the default holds"})
