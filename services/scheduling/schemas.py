"""What commands and questions of scheduling look like on the wire."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, get_args

from marshmallow import Schema, ValidationError, fields, post_load, validate

from services.scheduling.domain import commands
from services.scheduling.domain.appointment import Status
from services.scheduling.domain.working_hours import WeeklyHours
from shared.cursors import from_cursor
from shared.schemas import PHI, CommandSchema, PageQuestion, instant, sorted_by, version, words


def _name(longest: int = 200, **options: Any) -> fields.String:
    return words(longest, **options)


def _id(**options: Any) -> fields.UUID:
    return fields.UUID(required=True, **options)


class ChangeSchema(CommandSchema):
    """Separates what is changed from what names the thing."""

    names: str

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Any:
        identity = {self.names: loaded.pop(self.names), "version": loaded.pop("version")}
        return type(self).makes(**identity, changes=loaded)


class OpenNetworkSchema(CommandSchema):
    """`open_network`, question and answer."""

    makes = commands.OpenNetwork
    network_id = _id()
    name = _name(required=True)


class AddSiteSchema(CommandSchema):
    """`add_site`."""

    makes = commands.AddSite
    name = _name(required=True)
    zone = _name(64, required=True)
    phone = _name(20, load_default=None, allow_none=True)


class ChangeSiteSchema(ChangeSchema):
    """`change_site`."""

    makes = commands.ChangeSite
    names = "site_id"
    site_id = _id()
    version = version()
    name = _name()
    zone = _name(64)
    phone = _name(20, allow_none=True)


class SiteAnswer(Schema):
    """A site."""

    site_id = fields.UUID()
    name = fields.String()
    zone = fields.String()
    phone = fields.String(allow_none=True)
    version = fields.Integer()


class AddPractitionerSchema(CommandSchema):
    """`add_practitioner`."""

    makes = commands.AddPractitioner
    given = _name(required=True)
    family = _name(required=True)
    prefix = _name(40, load_default=None, allow_none=True)


class ChangePractitionerSchema(ChangeSchema):
    """`change_practitioner`."""

    makes = commands.ChangePractitioner
    names = "practitioner_id"
    practitioner_id = _id()
    version = version()
    given = _name()
    family = _name()
    prefix = _name(40, allow_none=True)


class PractitionerAnswer(Schema):
    """A practitioner."""

    practitioner_id = fields.UUID()
    given = fields.String()
    family = fields.String()
    prefix = fields.String(allow_none=True)
    version = fields.Integer()


class AddAppointmentTypeSchema(CommandSchema):
    """`add_appointment_type`."""

    makes = commands.AddAppointmentType
    name = _name(required=True)
    minutes = fields.Integer(strict=True, required=True, validate=validate.Range(1, 720))


class ChangeAppointmentTypeSchema(ChangeSchema):
    """`change_appointment_type`."""

    makes = commands.ChangeAppointmentType
    names = "appointment_type_id"
    appointment_type_id = _id()
    version = version()
    name = _name()
    minutes = fields.Integer(strict=True, validate=validate.Range(1, 720))
    active = fields.Boolean()


class AppointmentTypeAnswer(Schema):
    """An appointment type."""

    appointment_type_id = fields.UUID()
    name = fields.String()
    minutes = fields.Integer()
    active = fields.Boolean()
    version = fields.Integer()


class WallClock(fields.Field[int]):
    """A wall-clock time `HH:MM` (24:00 is the end of the day) as minutes from midnight."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        hours, colon, minutes = value.partition(":") if isinstance(value, str) else ("", "", "")
        if not (
            colon and len(hours) == len(minutes) == 2 and (hours + minutes).isascii() and (hours + minutes).isdigit()
        ):
            raise ValidationError("must be HH:MM")
        found = int(hours) * 60 + int(minutes)
        if int(minutes) > 59 or found > 24 * 60:
            raise ValidationError("must be from 00:00 to 24:00")
        return found

    def _serialize(self, value: int | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else f"{value // 60:02}:{value % 60:02}"


class WeeklyHoursSchema(CommandSchema):
    """One stretch of a weekday (ISO: 1 is Monday)."""

    makes = WeeklyHours
    weekday = fields.Integer(strict=True, required=True, validate=validate.Range(1, 7))
    starts = WallClock(required=True)
    ends = WallClock(required=True)


class SetWorkingHoursSchema(CommandSchema):
    """`set_working_hours`."""

    makes = commands.SetWorkingHours
    practitioner_id = _id()
    site_id = _id()
    version = version()
    lanes = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, 100))
    weekly = fields.List(fields.Nested(WeeklyHoursSchema), required=True, validate=validate.Length(max=100))


class WorkingHoursAnswer(Schema):
    """A practitioner's week at a site; version 0 where none was ever set."""

    practitioner_id = fields.UUID()
    site_id = fields.UUID()
    lanes = fields.Integer()
    weekly = fields.List(fields.Nested(WeeklyHoursSchema))
    version = fields.Integer()


class PrepareBookingSchema(CommandSchema):
    """`prepare_booking`."""

    makes = commands.PrepareBooking
    site_id = _id()
    practitioner_id = _id()
    appointment_type_id = _id()
    start_at = instant(required=True)


class PreparedAnswer(Schema):
    """Everything that the booking names is there."""

    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    appointment_type_id = fields.UUID()


class BookAppointmentSchema(CommandSchema):
    """`book_appointment`."""

    makes = commands.BookAppointment
    site_id = _id()
    practitioner_id = _id()
    appointment_type_id = _id()
    patient_id = _id()
    start_at = instant(required=True)


class OneAppointmentSchema(CommandSchema):
    """`reinstate_appointment`, `check_in`, `undo_check_in`."""

    makes: Callable[..., Any] = commands.OneAppointment
    appointment_id = _id()
    version = version()


class MoveAppointmentSchema(OneAppointmentSchema):
    """`move_appointment`."""

    makes = commands.MoveAppointment
    start_at = instant(required=True)
    practitioner_id = fields.UUID(load_default=None)


class CancelAppointmentSchema(OneAppointmentSchema):
    """`cancel_appointment`."""

    makes = commands.CancelAppointment
    reason = _name(500, required=True, metadata=PHI)


class AppointmentAnswer(Schema):
    """An appointment. `encounter_id` is known here before records has opened the encounter."""

    appointment_id = fields.UUID()
    version = fields.Integer()
    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    appointment_type_id = fields.UUID()
    patient_id = fields.UUID()
    status = fields.String()
    start_at = instant()
    end_at = instant()
    zone = fields.String()
    arrival_id = fields.UUID(allow_none=True)
    encounter_id = fields.UUID(allow_none=True)
    arrived_at = instant(allow_none=True)
    cancelled_reason = fields.String(allow_none=True, metadata=PHI)


class SitesQuestion(PageQuestion):
    """`sites`."""

    sort = sorted_by("name")


class AppointmentTypesQuestion(PageQuestion):
    """`appointment_types`; those that may be booked, those that may not, or (None) all."""

    active = fields.Boolean(load_default=None, allow_none=True)
    sort = sorted_by("name")


class AppointmentsQuestion(PageQuestion):
    """`appointments` of a site or a patient, on local days: `on` one, or from one to another."""

    site_id = fields.UUID(load_default=None)
    patient_id = fields.UUID(load_default=None)
    practitioner_id = fields.UUID(load_default=None)
    status = fields.String(load_default=None, validate=validate.OneOf(get_args(Status)))
    on = fields.Date(load_default=None)
    from_on = fields.Date(load_default=None)
    to_on = fields.Date(load_default=None)
    sort = sorted_by("start_at")


class SiteQuestion(Schema):
    """`site`."""

    site_id = _id()


class PractitionersQuestion(PageQuestion):
    """`practitioners`; of one site where it is named."""

    site_id = fields.UUID(load_default=None)
    sort = sorted_by("family")


class WorkingHoursQuestion(Schema):
    """`working_hours`."""

    practitioner_id = _id()
    site_id = _id()


class FreeTimesQuestion(Schema):
    """`free_times`; from today where no day is named."""

    site_id = _id()
    practitioner_id = _id()
    appointment_type_id = _id()
    from_on = fields.Date(load_default=None, allow_none=True)
    days = fields.Integer(strict=True, load_default=7, validate=validate.Range(1, 31))
    limit = fields.Integer(strict=True, load_default=50, validate=validate.Range(1, 200))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=1000))

    @post_load
    def make(self, loaded: dict[str, Any], **_: Any) -> Any:
        [after] = from_cursor(loaded.pop("cursor"), 1)
        return commands.FindFreeTimes(**loaded, after=datetime.fromisoformat(after) if after else None)


class AppointmentQuestion(Schema):
    """`appointment`."""

    appointment_id = _id()


class ComingQuestion(Schema):
    """`coming_appointments`."""

    patient_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=200))
    limit = fields.Integer(strict=True, load_default=100, validate=validate.Range(1, 500))


class EncounterQuestion(Schema):
    """`arrived_encounter`."""

    encounter_id = _id()


class DayQuestion(Schema):
    """`day`; the site's present day where none is named."""

    site_id = _id()
    on = fields.Date(load_default=None, allow_none=True)


class DayChangesQuestion(DayQuestion):
    """`day_changes`: what changed since the token of an earlier answer."""

    after = fields.Integer(required=True)


class TimeAnswer(Schema):
    """A time that can be offered."""

    start_at = instant()
    end_at = instant()


class PatientName(Schema):
    """Who comes."""

    given = fields.String(metadata=PHI)
    family = fields.String(metadata=PHI)
    birth_on = fields.Date(allow_none=True, metadata=PHI)


class TextState(Schema):
    """The last text about the appointment."""

    kind = fields.String()
    status = fields.String()
    reason = fields.String(allow_none=True)


class DayItem(AppointmentAnswer):
    """One line of the day sheet."""

    patient = fields.Nested(PatientName, allow_none=True)
    practitioner_name = fields.String()
    type_name = fields.String()
    text = fields.Nested(TextState, allow_none=True)


class DayAnswer(Schema):
    """The day sheet and the token for `day_changes`."""

    site = fields.Nested(SiteAnswer)
    on = fields.Date()
    today = fields.Date()
    zone = fields.String()
    items = fields.List(fields.Nested(DayItem))
    after = fields.String()


class DayChangesAnswer(Schema):
    """Items that changed, and appointments that are no longer of that day."""

    items = fields.List(fields.Nested(DayItem))
    gone = fields.List(fields.UUID())
    today = fields.Date()
    after = fields.String()


class PendingAnswer(Schema):
    """The encounter is on its way."""

    pending = fields.Boolean()
    appointment_id = fields.UUID()
