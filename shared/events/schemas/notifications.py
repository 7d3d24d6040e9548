"""The wire shapes of notifications' facts."""

from marshmallow import fields

from shared.events.schemas.base import ConditionSchema, added, instant, text, uuid


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
    start_at = added(fields.AwareDateTime, format="iso")
    asked_id = added(fields.UUID)
    asked_site_id = added(fields.UUID)


class ReplySchema(ConditionSchema):
    """`reply-received`."""

    reply_id = uuid()
    meaning = text()
    answers = text()
    text_id = uuid()
    site_id = uuid()
    patient_id = uuid()
    appointment_id = uuid(allow_none=True)
    start_at = instant(allow_none=True)
    received_at = instant()
    asked_id = added(fields.UUID)
    asked_site_id = added(fields.UUID)


class OptOutSchema(ConditionSchema):
    """`patient-opted-out`."""

    opt_out_id = uuid()
    number = text(phi=True)
    opted_out = fields.Boolean(required=True)
    changed_at = instant()
