"""Holds on the wire."""

from marshmallow import Schema, fields, validate

from services.scheduling.domain import commands
from services.scheduling.schemas.shapes import an_id, some_ids
from shared.schemas import CommandSchema, instant

MOST_MINUTES = 30


class HoldTimeSchema(CommandSchema):
    """`hold_time`."""

    makes = commands.HoldTime
    site_id = an_id()
    practitioner_id = an_id()
    appointment_type_id = an_id()
    start_at = instant(required=True)
    resource_ids = some_ids()
    minutes = fields.Integer(strict=True, load_default=5, validate=validate.Range(1, MOST_MINUTES))


class ReleaseHoldSchema(CommandSchema):
    """`release_hold`."""

    makes = commands.ReleaseHold
    hold_id = an_id()


class HoldAnswer(Schema):
    """A hold."""

    hold_id = fields.UUID()
    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    appointment_type_id = fields.UUID()
    resource_ids = fields.List(fields.UUID())
    start_at = instant()
    end_at = instant()
    zone = fields.String()
    status = fields.String()
    expires_at = instant()
