"""What carriers tell of patients: their replies."""

from marshmallow import Schema, fields, validate

from services.notifications.domain.commands import ReceiveReply
from services.notifications.schemas.shapes import patients_number, senders_number
from shared.schemas import NO_NUL, PHI, CommandSchema, words


class ReceiveReplySchema(CommandSchema):
    """`receive_reply`. A body is bounded by what carriers deliver (1,600 characters)."""

    makes = ReceiveReply
    from_number = patients_number()
    to_number = senders_number()
    body = fields.String(required=True, validate=[validate.Length(max=1600), NO_NUL], metadata=PHI)
    message_id = words(120, required=True)


class ReplyAnswer(Schema):
    """What was understood."""

    message_id = fields.String()
    meaning = fields.String()
    opted_out = fields.Boolean()
    duplicate = fields.Boolean()
