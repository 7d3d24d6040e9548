"""Rooms and devices."""

from marshmallow import fields, validate

from gateway.schemas.base import Body, Day, Number, Text, View, YesNo, a_day, an_id
from gateway.schemas.pages import Page, sorted_by

_KINDS = ("room", "device")
_TYPE = {"description": "a word of the network, which appointment types ask for: exam room, ultrasound"}
_CAPACITY = {"description": "visits that it takes side by side"}
_FROM_ON = {"description": "its first day in use; null: no first"}
_UNTIL_ON = {"description": "its last day in use; null: no last"}


class AddResource(Body):
    site_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(_KINDS))
    type = Text(80, required=True, metadata=_TYPE)
    name = Text(200, required=True)
    capacity = Number(1, 100, metadata=_CAPACITY)
    from_on = Day(allow_none=True, metadata=_FROM_ON)
    until_on = Day(allow_none=True, metadata=_UNTIL_ON)


class ChangeResource(Body):
    type = Text(80, metadata=_TYPE)
    name = Text(200)
    capacity = Number(1, 100, metadata=_CAPACITY)
    active = YesNo()
    from_on = Day(allow_none=True, metadata=_FROM_ON)
    until_on = Day(allow_none=True, metadata=_UNTIL_ON)


class ResourceList(Page):
    site_id = fields.UUID(required=True)
    kind = fields.String(validate=validate.OneOf(_KINDS))
    active = fields.Boolean(truthy={"true"}, falsy={"false"})
    sort = sorted_by("name")


class Resource(View):
    resource_id = an_id()
    site_id = an_id()
    kind = fields.String(metadata={"example": "room"})
    type = fields.String(metadata={"example": "exam room"})
    name = fields.String(metadata={"example": "Exam 1"})
    capacity = fields.Integer()
    active = fields.Boolean()
    from_on = a_day()
    until_on = a_day()
    version = fields.Integer()
