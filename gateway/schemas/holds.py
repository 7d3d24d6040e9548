"""Holds."""

from marshmallow import fields

from gateway.schemas.base import Body, Instant, Number, View, an_id, an_instant, some_ids


class HoldTime(Body):
    site_id = fields.UUID(required=True)
    practitioner_id = fields.UUID(required=True)
    appointment_type_id = fields.UUID(required=True)
    start_at = Instant(required=True)
    resource_ids = some_ids("rooms, devices and further practitioners; what is needed and not named is chosen")
    minutes = Number(1, 30, metadata={"description": "how long it holds; 5 where it is left out"})


class Hold(View):
    hold_id = an_id()
    site_id = an_id()
    practitioner_id = an_id()
    appointment_type_id = an_id()
    resource_ids = fields.List(an_id(), metadata={"description": "what it holds beside the practitioner"})
    start_at = an_instant()
    end_at = an_instant()
    zone = fields.String()
    status = fields.String(metadata={"example": "held", "description": "held, booked, released or expired"})
    expires_at = an_instant()
