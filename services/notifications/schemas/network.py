"""A network and its number on the wire."""

from marshmallow import Schema, fields

from services.notifications.domain.commands import OpenNetwork
from services.notifications.schemas.shapes import senders_number
from shared.schemas import CommandSchema, words


class OpenNetworkSchema(CommandSchema):
    """`open_network`, question and answer."""

    makes = OpenNetwork
    network_id = fields.UUID(required=True)
    name = words(200, required=True)
    sender_number = senders_number()


class SenderQuestion(Schema):
    """Whose number this is."""

    number = senders_number()


class SenderAnswer(Schema):
    """The network's id."""

    network_id = fields.UUID()
