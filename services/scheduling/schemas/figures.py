"""Figures of a site on the wire."""

from typing import get_args

from marshmallow import Schema, fields, validate

from services.scheduling.domain.figures import By, Period
from services.scheduling.schemas.shapes import an_id
from shared.schemas import PageQuestion, instant, sorted_by


class FiguresQuestion(Schema):
    """`figures` of a site from one local day to another; the last four weeks, with today, where none is named."""

    site_id = an_id()
    from_on = fields.Date(load_default=None)
    to_on = fields.Date(load_default=None)
    by = fields.String(load_default="site", validate=validate.OneOf(get_args(By)))
    period = fields.String(load_default="all", validate=validate.OneOf(get_args(Period)))


class FiguresItem(Schema):
    """One row; domain/figures.py says what each figure counts."""

    practitioner_id = fields.UUID(allow_none=True)
    appointment_type_id = fields.UUID(allow_none=True)
    from_on = fields.Date()
    to_on = fields.Date()
    appointments = fields.Integer()
    seen = fields.Integer()
    noshow = fields.Integer()
    cancelled = fields.Integer()
    refilled = fields.Integer()
    filled_minutes = fields.Integer()
    working_minutes = fields.Integer()
    fill_rate = fields.Float(allow_none=True)
    noshow_rate = fields.Float(allow_none=True)
    refill_rate = fields.Float(allow_none=True)
    lead_days_mean = fields.Float(allow_none=True)
    lead_days_median = fields.Float(allow_none=True)


class FiguresAnswer(Schema):
    """A site's figures."""

    site_id = fields.UUID()
    zone = fields.String()
    from_on = fields.Date()
    to_on = fields.Date()
    items = fields.List(fields.Nested(FiguresItem))


class ThirdNextAvailableQuestion(PageQuestion):
    """`third_next_available` of the types that may be booked, at one site."""

    site_id = an_id()
    sort = sorted_by("name")


class ThirdNextAvailable(Schema):
    """The third time of a type that is free now; None: not within 90 days."""

    appointment_type_id = fields.UUID()
    start_at = instant(allow_none=True)
    days = fields.Integer(allow_none=True)
