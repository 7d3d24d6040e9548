"""Figures of a site's texts on the wire."""

from typing import ClassVar

from marshmallow import Schema, fields


class FiguresQuestion(Schema):
    """`figures` of a site from one local day to another; the last four weeks, with today, where none is named."""

    site_id = fields.UUID(required=True)
    from_on = fields.Date(load_default=None)
    to_on = fields.Date(load_default=None)


class FiguresItem(Schema):
    """One row; domain/figures.py says what each figure counts. `skipped` counts by reason."""

    class Meta:
        include: ClassVar = {"unknown": fields.Integer()}  # as an attribute the name is marshmallow's own

    kind = fields.String()
    lead = fields.String(allow_none=True)
    template_id = fields.UUID(allow_none=True)
    template_version = fields.Integer(allow_none=True)
    language = fields.String(allow_none=True)
    sent = fields.Integer()
    delivered = fields.Integer()
    failed = fields.Integer()
    refused = fields.Integer()
    waiting = fields.Integer()
    skipped = fields.Dict(fields.String(), fields.Integer())
    confirmed = fields.Integer(allow_none=True)
    cancelled_in_time = fields.Integer(allow_none=True)
    missed = fields.Integer(allow_none=True)


class FiguresAnswer(Schema):
    """A site's figures."""

    site_id = fields.UUID()
    zone = fields.String()
    from_on = fields.Date()
    to_on = fields.Date()
    items = fields.List(fields.Nested(FiguresItem))
