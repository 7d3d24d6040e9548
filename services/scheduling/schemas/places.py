"""Sites, practitioners and appointment types on the wire."""

from marshmallow import Schema, fields, validate

from services.scheduling.domain import commands
from services.scheduling.schemas.shapes import ChangeSchema, a_name, an_id
from shared.schemas import CommandSchema, PageQuestion, sorted_by, version


class OpenNetworkSchema(CommandSchema):
    """`open_network`, question and answer."""

    makes = commands.OpenNetwork
    network_id = an_id()
    name = a_name(required=True)


class AddSiteSchema(CommandSchema):
    """`add_site`."""

    makes = commands.AddSite
    name = a_name(required=True)
    zone = a_name(64, required=True)
    phone = a_name(20, load_default=None, allow_none=True)


class ChangeSiteSchema(ChangeSchema):
    """`change_site`."""

    makes = commands.ChangeSite
    names = "site_id"
    site_id = an_id()
    version = version()
    name = a_name()
    zone = a_name(64)
    phone = a_name(20, allow_none=True)


class SiteAnswer(Schema):
    """A site."""

    site_id = fields.UUID()
    name = fields.String()
    zone = fields.String()
    phone = fields.String(allow_none=True)
    version = fields.Integer()


class SitesQuestion(PageQuestion):
    """`sites`."""

    sort = sorted_by("name")


class SiteQuestion(Schema):
    """`site`."""

    site_id = an_id()


class AddPractitionerSchema(CommandSchema):
    """`add_practitioner`."""

    makes = commands.AddPractitioner
    given = a_name(required=True)
    family = a_name(required=True)
    prefix = a_name(40, load_default=None, allow_none=True)


class ChangePractitionerSchema(ChangeSchema):
    """`change_practitioner`."""

    makes = commands.ChangePractitioner
    names = "practitioner_id"
    practitioner_id = an_id()
    version = version()
    given = a_name()
    family = a_name()
    prefix = a_name(40, allow_none=True)


class PractitionerAnswer(Schema):
    """A practitioner."""

    practitioner_id = fields.UUID()
    given = fields.String()
    family = fields.String()
    prefix = fields.String(allow_none=True)
    version = fields.Integer()


class PractitionersQuestion(PageQuestion):
    """`practitioners`; of one site where it is named."""

    site_id = fields.UUID(load_default=None)
    sort = sorted_by("family")


class AddAppointmentTypeSchema(CommandSchema):
    """`add_appointment_type`."""

    makes = commands.AddAppointmentType
    name = a_name(required=True)
    minutes = fields.Integer(strict=True, required=True, validate=validate.Range(1, 720))


class ChangeAppointmentTypeSchema(ChangeSchema):
    """`change_appointment_type`."""

    makes = commands.ChangeAppointmentType
    names = "appointment_type_id"
    appointment_type_id = an_id()
    version = version()
    name = a_name()
    minutes = fields.Integer(strict=True, validate=validate.Range(1, 720))
    active = fields.Boolean()


class AppointmentTypeAnswer(Schema):
    """An appointment type."""

    appointment_type_id = fields.UUID()
    name = fields.String()
    minutes = fields.Integer()
    active = fields.Boolean()
    version = fields.Integer()


class AppointmentTypesQuestion(PageQuestion):
    """`appointment_types`; those that may be booked, those that may not, or (None) all."""

    active = fields.Boolean(load_default=None, allow_none=True)
    sort = sorted_by("name")
