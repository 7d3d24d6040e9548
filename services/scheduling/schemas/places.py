"""Sites, practitioners and appointment types on the wire."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.scheduling.domain import commands
from services.scheduling.domain.places import SEXES
from services.scheduling.domain.resources import NEED_KINDS, Need
from services.scheduling.schemas.shapes import ChangeSchema, Tuple, a_name, an_id
from shared.schemas import CommandSchema, PageQuestion, sorted_by, version

MOST_AROUND = 240
MOST_NOTICE = 366 * 24 * 60
MOST_DAYS = 3660
MOST_LANES = 100
_LANGUAGE = validate.Regexp(r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z", error="must be a BCP 47 tag: en, es-MX")


class NeedSchema(CommandSchema):
    """One thing that a visit takes."""

    makes = Need
    kind = fields.String(required=True, validate=validate.OneOf(NEED_KINDS))
    type = a_name(80, load_default=None, allow_none=True)


def _number(most: int, **options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(0, most), **options)


def _languages(**options: Any) -> Tuple:
    return Tuple(
        fields.String(validate=[validate.Length(2, 35), _LANGUAGE]), validate=validate.Length(max=20), **options
    )


def _sex(**options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(SEXES), allow_none=True, **options)


def _zip(**options: Any) -> fields.String:
    return fields.String(
        validate=validate.Regexp(r"^[0-9]{5}\Z", error="must be five digits"), allow_none=True, **options
    )


def _needs(**options: Any) -> Tuple:
    return Tuple(fields.Nested(NeedSchema), validate=validate.Length(max=20), **options)


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
    zip = _zip(load_default=None)


class ChangeSiteSchema(ChangeSchema):
    """`change_site`."""

    makes = commands.ChangeSite
    names = "site_id"
    site_id = an_id()
    version = version()
    name = a_name()
    zone = a_name(64)
    phone = a_name(20, allow_none=True)
    zip = _zip()


class SiteAnswer(Schema):
    """A site."""

    site_id = fields.UUID()
    name = fields.String()
    zone = fields.String()
    phone = fields.String(allow_none=True)
    zip = fields.String(allow_none=True)
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
    kind = a_name(80, load_default=None, allow_none=True)
    languages = _languages(load_default=())
    sex = _sex(load_default=None)


class ChangePractitionerSchema(ChangeSchema):
    """`change_practitioner`."""

    makes = commands.ChangePractitioner
    names = "practitioner_id"
    practitioner_id = an_id()
    version = version()
    given = a_name()
    family = a_name()
    prefix = a_name(40, allow_none=True)
    kind = a_name(80, allow_none=True)
    languages = _languages()
    sex = _sex()


class PractitionerAnswer(Schema):
    """A practitioner."""

    practitioner_id = fields.UUID()
    given = fields.String()
    family = fields.String()
    prefix = fields.String(allow_none=True)
    kind = fields.String(allow_none=True)
    languages = fields.List(fields.String())
    sex = fields.String(allow_none=True)
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
    set_up_minutes = _number(MOST_AROUND, load_default=0)
    clean_up_minutes = _number(MOST_AROUND, load_default=0)
    notice_minutes = _number(MOST_NOTICE, load_default=0)
    horizon_days = _number(MOST_DAYS, load_default=None, allow_none=True)
    self_bookable = fields.Boolean(load_default=False)
    overbook_limit = _number(MOST_LANES, load_default=0)
    due_window_days = _number(366, load_default=14)
    needs = _needs(load_default=())


class ChangeAppointmentTypeSchema(ChangeSchema):
    """`change_appointment_type`."""

    makes = commands.ChangeAppointmentType
    names = "appointment_type_id"
    appointment_type_id = an_id()
    version = version()
    name = a_name()
    minutes = fields.Integer(strict=True, validate=validate.Range(1, 720))
    active = fields.Boolean()
    set_up_minutes = _number(MOST_AROUND)
    clean_up_minutes = _number(MOST_AROUND)
    notice_minutes = _number(MOST_NOTICE)
    horizon_days = _number(MOST_DAYS, allow_none=True)
    self_bookable = fields.Boolean()
    overbook_limit = _number(MOST_LANES)
    due_window_days = _number(366)
    needs = _needs()
    from_on = fields.Date(load_default=None)

    @post_load
    def make(self, loaded: dict[str, Any], **more: Any) -> Any:
        from_on = loaded.pop("from_on")
        return replace(super().make(loaded, **more), from_on=from_on)


class PlannedSchema(Schema):
    """What a type will be for visits from a day on: the fields that change."""

    from_on = fields.Date()
    changes = fields.Function(lambda planned: _plain(planned.changes))


class AppointmentTypeAnswer(Schema):
    """An appointment type."""

    appointment_type_id = fields.UUID()
    name = fields.String()
    minutes = fields.Integer()
    active = fields.Boolean()
    set_up_minutes = fields.Integer()
    clean_up_minutes = fields.Integer()
    notice_minutes = fields.Integer()
    horizon_days = fields.Integer(allow_none=True)
    self_bookable = fields.Boolean()
    overbook_limit = fields.Integer()
    due_window_days = fields.Integer()
    needs = fields.List(fields.Nested(NeedSchema))
    planned = fields.List(fields.Nested(PlannedSchema))
    version = fields.Integer()


class AppointmentTypesQuestion(PageQuestion):
    """`appointment_types`; those that may be booked, those that may not, or (None) all."""

    active = fields.Boolean(load_default=None, allow_none=True)
    sort = sorted_by("name")


def _plain(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that change, as JSON."""
    return {name: [vars(it) for it in value] if name == "needs" else value for name, value in changes.items()}
