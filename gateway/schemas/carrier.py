"""Forms of a carrier in Twilio's style, in its own words. It sends many more fields, and adds new ones."""

from marshmallow import EXCLUDE, fields

from gateway.schemas.base import Body, Text, Words
from gateway.schemas.texts import NUMBER

LONGEST_REPLY = 1600


class CarrierForm(Body):
    """A form of which a few fields are read."""

    class Meta:
        unknown = EXCLUDE


class CarrierReply(CarrierForm):
    """A patient's reply."""

    From = fields.String(required=True, validate=NUMBER)
    To = fields.String(required=True, validate=NUMBER)
    Body = Words(LONGEST_REPLY, required=True)
    MessageSid = Text(120, required=True)


class CarrierReceipt(CarrierForm):
    """What became of a text: the carrier's word for it, and a number where it went wrong."""

    MessageSid = Text(120, required=True)
    MessageStatus = Text(40, required=True)
    ErrorCode = Text(20, shortest=0)
