"""The wire shapes of notifications' facts."""

from marshmallow import fields

from shared.events.schemas.base import ConditionSchema, instant, text, uuid


class TextSchema(ConditionSchema):
    """Every `text-*` event."""

    text_id = uuid()
    appointment_id = uuid()
    patient_id = uuid()
    site_id = uuid()
    kind = text()
    status = text()
    reason = text(allow_none=True)
    changed_at = instant()


class OptOutSchema(ConditionSchema):
    """`patient-opted-out`."""

    opt_out_id = uuid()
    number = text(phi=True)
    opted_out = fields.Boolean(required=True)
    changed_at = instant()
