"""Sites, practitioners, appointment types and working hours: the map that times are found on."""

from marshmallow import fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from gateway.schemas.base import Body, Number, Text, View, YesNo, an_id
from gateway.schemas.pages import Page, sorted_by

_ZONE = {"description": "an IANA time zone by its place, America/New_York, or UTC", "format": "time-zone"}


class AddSite(Body):
    name = Text(200, required=True)
    zone = Text(64, required=True, metadata=_ZONE)
    phone = Text(20, allow_none=True)


class ChangeSite(Body):
    name = Text(200)
    zone = Text(64, metadata=_ZONE)
    phone = Text(20, allow_none=True)


class Site(View):
    site_id = an_id()
    name = fields.String()
    zone = fields.String()
    phone = fields.String(allow_none=True)
    version = fields.Integer()


class SiteList(Page):
    sort = sorted_by("name")


class PractitionerList(Page):
    site_id = fields.UUID()
    sort = sorted_by("family")


class AppointmentTypeList(Page):
    active = fields.Boolean(truthy={"true"}, falsy={"false"})
    sort = sorted_by("name")


class AtSite(Body):
    site_id = fields.UUID(required=True)


class AddPractitioner(Body):
    given = Text(200, required=True)
    family = Text(200, required=True)
    prefix = Text(40, allow_none=True)


class ChangePractitioner(Body):
    given = Text(200)
    family = Text(200)
    prefix = Text(40, allow_none=True)


class Practitioner(View):
    practitioner_id = an_id()
    given = fields.String()
    family = fields.String()
    prefix = fields.String(allow_none=True)
    version = fields.Integer()


class AddAppointmentType(Body):
    name = Text(200, required=True)
    minutes = Number(1, 720, required=True)


class ChangeAppointmentType(Body):
    name = Text(200)
    minutes = Number(1, 720)
    active = YesNo()


class AppointmentType(View):
    appointment_type_id = an_id()
    name = fields.String()
    minutes = fields.Integer()
    active = fields.Boolean()
    version = fields.Integer()


class WeeklyHours(Body):
    weekday = Number(1, 7, required=True, metadata={"description": "ISO weekday, 1 is Monday"})
    starts = fields.String(required=True, validate=validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z"))
    ends = fields.String(required=True, validate=validate.Regexp(r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z"))

    @validates_schema
    def _ends_later(self, data: dict[str, str], **_: object) -> None:
        if "starts" in data and "ends" in data and data["starts"] >= data["ends"]:
            raise ValidationError("Must be later than starts.", "ends")


class SetWorkingHours(Body):
    practitioner_id = fields.UUID(required=True)
    site_id = fields.UUID(required=True)
    lanes = Number(1, 100, load_default=1, metadata={"description": "visits that may run side by side"})
    weekly = fields.List(fields.Nested(WeeklyHours), required=True, validate=validate.Length(0, 100))


class WorkingHoursQuestion(Body):
    practitioner_id = fields.UUID(required=True)
    site_id = fields.UUID(required=True)


class WeeklyHoursView(View):
    weekday = fields.Integer()
    starts = fields.String()
    ends = fields.String()


class WorkingHours(View):
    practitioner_id = an_id()
    site_id = an_id()
    lanes = fields.Integer()
    weekly = fields.List(fields.Nested(WeeklyHoursView))
    version = fields.Integer()
