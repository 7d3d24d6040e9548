"""Sites, practitioners, appointment types and working hours: the map that times are found on."""

from marshmallow import fields, validate

from gateway.schemas.base import Body, Day, Number, Text, View, YesNo, Zip, a_day, an_id
from gateway.schemas.pages import Page, sorted_by

_ZONE = {"description": "an IANA time zone by its place, America/New_York, or UTC", "format": "time-zone"}

_SEXES = ("male", "female", "other", "unknown")
_NEEDS = ("practitioner", "room", "device")
_TAG = validate.Regexp(r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z", error="Give a BCP 47 tag: en, es-MX.")


def _languages() -> fields.List[str]:
    one = fields.String(validate=[validate.Length(2, 35), _TAG], metadata={"description": "BCP 47: en, es-MX"})
    return fields.List(one, validate=validate.Length(0, 20))


class AddSite(Body):
    name = Text(200, required=True)
    zone = Text(64, required=True, metadata=_ZONE)
    phone = Text(20, allow_none=True)
    zip = Zip(allow_none=True)


class ChangeSite(Body):
    name = Text(200)
    zone = Text(64, metadata=_ZONE)
    phone = Text(20, allow_none=True)
    zip = Zip(allow_none=True)


class Site(View):
    site_id = an_id()
    name = fields.String()
    zone = fields.String()
    phone = fields.String(allow_none=True)
    zip = fields.String(allow_none=True)
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


class _Person(Body):
    prefix = Text(40, allow_none=True)
    kind = Text(80, allow_none=True, metadata={"description": "a word of the network, which types ask for: physician"})
    languages = _languages()
    sex = fields.String(validate=validate.OneOf(_SEXES), allow_none=True)


class AddPractitioner(_Person):
    given = Text(200, required=True)
    family = Text(200, required=True)


class ChangePractitioner(_Person):
    given = Text(200)
    family = Text(200)


class Practitioner(View):
    practitioner_id = an_id()
    given = fields.String()
    family = fields.String()
    prefix = fields.String(allow_none=True)
    kind = fields.String(allow_none=True, metadata={"example": "physician"})
    languages = fields.List(fields.String(metadata={"example": "en"}))
    sex = fields.String(allow_none=True, metadata={"example": "female"})
    version = fields.Integer()


class Need(Body):
    kind = fields.String(required=True, validate=validate.OneOf(_NEEDS))
    type = Text(80, allow_none=True, metadata={"description": "a practitioner's kind, a room's or a device's type"})


class _Rules(Body):
    set_up_minutes = Number(0, 240, metadata={"description": "taken before the visit, of all that it needs"})
    clean_up_minutes = Number(0, 240, metadata={"description": "taken after it"})
    notice_minutes = Number(0, 366 * 24 * 60, metadata={"description": "the earliest start from now"})
    horizon_days = Number(0, 3660, allow_none=True, metadata={"description": "the latest start from now; null: none"})
    self_bookable = YesNo(metadata={"description": "whether patients may book it themselves"})
    overbook_limit = Number(0, 100, metadata={"description": "visits beyond capacity, for who may overbook"})
    due_window_days = Number(0, 366, metadata={"description": "a visit that has to move is due until so many days on"})
    needs = fields.List(
        fields.Nested(Need),
        validate=validate.Length(0, 20),
        metadata={"description": "what a visit takes, all at once"},
    )


class AddAppointmentType(_Rules):
    name = Text(200, required=True)
    minutes = Number(1, 720, required=True)


class ChangeAppointmentType(_Rules):
    name = Text(200)
    minutes = Number(1, 720)
    active = YesNo()
    from_on = Day(metadata={"description": "for visits from this local day on; at once where it is left out"})


class NeedView(View):
    kind = fields.String(metadata={"example": "room"})
    type = fields.String(allow_none=True, metadata={"example": "exam room"})


class PlannedFields(View):
    """The fields that change; any others are left out."""

    name = fields.String()
    minutes = fields.Integer()
    active = fields.Boolean()
    set_up_minutes = fields.Integer()
    clean_up_minutes = fields.Integer()
    notice_minutes = fields.Integer()
    horizon_days = fields.Integer(allow_none=True, metadata={"example": 90})
    self_bookable = fields.Boolean()
    overbook_limit = fields.Integer()
    needs = fields.List(fields.Nested(NeedView))


class PlannedChange(View):
    from_on = a_day()
    changes = fields.Nested(PlannedFields)


class AppointmentType(View):
    appointment_type_id = an_id()
    name = fields.String()
    minutes = fields.Integer()
    active = fields.Boolean()
    set_up_minutes = fields.Integer()
    clean_up_minutes = fields.Integer()
    notice_minutes = fields.Integer()
    horizon_days = fields.Integer(allow_none=True, metadata={"example": 90})
    self_bookable = fields.Boolean()
    overbook_limit = fields.Integer()
    due_window_days = fields.Integer(metadata={"example": 14})
    needs = fields.List(fields.Nested(NeedView))
    planned = fields.List(fields.Nested(PlannedChange))
    version = fields.Integer()
