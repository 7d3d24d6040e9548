"""What became of texts, as carriers and people tell it."""

from marshmallow import Schema, fields, validate

from services.notifications.domain.commands import ReceiveReceipt, SettleText
from shared.schemas import NO_NUL, CommandSchema, words


class ReceiveReceiptSchema(CommandSchema):
    """`receive_receipt`."""

    makes = ReceiveReceipt
    text_id = fields.UUID(required=True)
    sid = words(120, required=True)
    carrier_status = words(40, required=True)
    error_code = fields.String(load_default="", validate=[validate.Length(max=20), NO_NUL])


class ReceiptAnswer(Schema):
    """What the text is now."""

    text_id = fields.UUID()
    status = fields.String()


class SettleTextSchema(CommandSchema):
    """`settle_text`."""

    makes = SettleText
    text_id = fields.UUID(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(["sent", "not-sent", "send-again"]))
