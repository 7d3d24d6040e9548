"""Rooms and devices on the wire."""

from marshmallow import Schema, fields, validate

from services.scheduling.domain import commands
from services.scheduling.domain.resources import PLACED_KINDS
from services.scheduling.schemas.shapes import ChangeSchema, a_name, an_id
from shared.schemas import CommandSchema, PageQuestion, sorted_by, version

MOST_LANES = 100


class AddResourceSchema(CommandSchema):
    """`add_resource`."""

    makes = commands.AddResource
    site_id = an_id()
    kind = fields.String(required=True, validate=validate.OneOf(PLACED_KINDS))
    type = a_name(80, required=True)
    name = a_name(required=True)
    capacity = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, MOST_LANES))
    from_on = fields.Date(load_default=None, allow_none=True)
    until_on = fields.Date(load_default=None, allow_none=True)


class ChangeResourceSchema(ChangeSchema):
    """`change_resource`."""

    makes = commands.ChangeResource
    names = "resource_id"
    resource_id = an_id()
    version = version()
    type = a_name(80)
    name = a_name()
    capacity = fields.Integer(strict=True, validate=validate.Range(1, MOST_LANES))
    active = fields.Boolean()
    from_on = fields.Date(allow_none=True)
    until_on = fields.Date(allow_none=True)


class ResourceAnswer(Schema):
    """A room or a device."""

    resource_id = fields.UUID()
    site_id = fields.UUID()
    kind = fields.String()
    type = fields.String()
    name = fields.String()
    capacity = fields.Integer()
    active = fields.Boolean()
    from_on = fields.Date(allow_none=True)
    until_on = fields.Date(allow_none=True)
    version = fields.Integer()


class ResourcesQuestion(PageQuestion):
    """`resources` of a site: of one kind, and those in use or not, where that is said."""

    site_id = an_id()
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(PLACED_KINDS))
    active = fields.Boolean(load_default=None, allow_none=True)
    sort = sorted_by("name")
