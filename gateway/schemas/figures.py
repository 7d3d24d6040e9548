"""Figures of a site."""

from typing import ClassVar

from marshmallow import fields, validate

from gateway.schemas.base import Body, Day, View, a_day, an_id, an_instant
from gateway.schemas.pages import Page, sorted_by

_RATE = {"description": "null where there is nothing to compare with", "example": 0.8125}


class _DaysOfASite(Body):
    site_id = fields.UUID(required=True)
    from_on = Day(metadata={"description": "27 days before to_on where it is left out"})
    to_on = Day(metadata={"description": "with this day, at most 100 days in all; today where it is left out"})


class FiguresQuestion(_DaysOfASite):
    by = fields.String(
        validate=validate.OneOf(["site", "practitioner", "appointment_type"]),
        metadata={"description": "a row for each; `site` where it is left out"},
    )
    period = fields.String(
        validate=validate.OneOf(["all", "day", "week", "month"]),
        metadata={"description": "a row for each, by their first days; `all` where it is left out"},
    )


class FiguresRow(View):
    """Appointments by their start."""

    practitioner_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    appointment_type_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    from_on = a_day()
    to_on = a_day()
    appointments = fields.Integer(metadata={"description": "whatever became of them"})
    seen = fields.Integer(metadata={"description": "those whose patients came"})
    noshow = fields.Integer()
    cancelled = fields.Integer()
    refilled = fields.Integer(metadata={"description": "cancelled ones whose time another appointment has now"})
    filled_minutes = fields.Integer(metadata={"description": "of the appointments that were not cancelled"})
    working_minutes = fields.Integer(
        metadata={
            "description": "of the practitioners, as often as they see patients side by side; of a type the site's"
        }
    )
    fill_rate = fields.Float(allow_none=True, metadata=_RATE)
    noshow_rate = fields.Float(allow_none=True, metadata=_RATE)
    refill_rate = fields.Float(allow_none=True, metadata=_RATE)
    lead_days_mean = fields.Float(allow_none=True, metadata={"example": 9.5})
    lead_days_median = fields.Float(allow_none=True, metadata={"example": 7.0})


class Figures(View):
    site_id = an_id()
    zone = fields.String()
    from_on = a_day()
    to_on = a_day()
    items = fields.List(fields.Nested(FiguresRow))


class TextingFiguresQuestion(_DaysOfASite):
    """The days on which texts were due, by the site's calendar."""


class TextingFiguresRow(View):
    """Texts of one kind and window, in the same words."""

    class Meta:  # as an attribute the name is marshmallow's own
        include: ClassVar = {
            "unknown": fields.Integer(metadata={"description": "nobody knows whether the carrier has them"})
        }

    kind = fields.String(metadata={"example": "reminder"})
    lead = fields.String(
        allow_none=True,
        metadata={"description": "of a reminder, before the visit; or after-miss; else null", "example": "P2D"},
    )
    template_id = fields.String(
        allow_none=True, metadata={"format": "uuid", "description": "null: our own words, or never sent"}
    )
    template_version = fields.Integer(allow_none=True)
    language = fields.String(allow_none=True, metadata={"description": "null: never sent", "example": "es"})
    sent = fields.Integer(metadata={"description": "with the carrier, whatever it told afterwards"})
    delivered = fields.Integer(metadata={"description": "of those sent"})
    failed = fields.Integer(metadata={"description": "of those sent"})
    refused = fields.Integer(metadata={"description": "not taken by the carrier"})
    waiting = fields.Integer(metadata={"description": "still to go"})
    skipped = fields.Dict(
        fields.String(), fields.Integer(), metadata={"description": "by reason", "example": {"no-consent": 1}}
    )
    confirmed = fields.Integer(
        allow_none=True,
        metadata={"description": "sent ones to which a reply said yes; null where the text is about no visit to come"},
    )
    cancelled_in_time = fields.Integer(
        allow_none=True,
        metadata={"description": "sent ones whose visit was cancelled afterwards and before its start, by whomever"},
    )
    missed = fields.Integer(allow_none=True, metadata={"description": "sent ones whose patients did not come"})


class TextingFigures(View):
    site_id = an_id()
    zone = fields.String()
    from_on = a_day()
    to_on = a_day()
    items = fields.List(fields.Nested(TextingFiguresRow))


class ThirdNextAvailableList(Page):
    site_id = fields.UUID(required=True)
    sort = sorted_by("name")


class ThirdNextAvailable(View):
    appointment_type_id = an_id()
    start_at = an_instant()
    days = fields.Integer(allow_none=True, metadata={"description": "from today by the site's calendar", "example": 4})
