"""Appointments on the wire."""

from collections.abc import Callable
from typing import Any, get_args

from marshmallow import Schema, fields, validate
from marshmallow.utils import get_value

from services.scheduling.domain import commands
from services.scheduling.domain.life import Status, stage_of
from services.scheduling.schemas.shapes import a_name, an_id, some_ids
from shared.dumping import DictSchema
from shared.schemas import PHI, CommandSchema, PageQuestion, instant, sorted_by, version

# What the stage follows from, in a row as in an appointment.
_STAGE = ("status", "confirmed_at", "in_room_at", "done_at")


class PrepareBookingSchema(CommandSchema):
    """`prepare_booking`."""

    makes = commands.PrepareBooking
    site_id = an_id()
    practitioner_id = an_id()
    appointment_type_id = an_id()
    start_at = instant(required=True)
    resource_ids = some_ids()
    hold_id = fields.UUID(load_default=None)
    overbook_reason = a_name(500, load_default=None, metadata=PHI)


class PreparedAnswer(Schema):
    """Everything that the booking names is there."""

    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    appointment_type_id = fields.UUID()


class BookAppointmentSchema(CommandSchema):
    """`book_appointment`."""

    makes = commands.BookAppointment
    site_id = an_id()
    practitioner_id = an_id()
    appointment_type_id = an_id()
    patient_id = an_id()
    start_at = instant(required=True)
    resource_ids = some_ids()
    hold_id = fields.UUID(load_default=None)
    overbook_reason = a_name(500, load_default=None, metadata=PHI)


class OneAppointmentSchema(CommandSchema):
    """What names an appointment and no more: `reinstate_appointment`, `check_in` and most that undo a step."""

    makes: Callable[..., Any] = commands.OneAppointment
    appointment_id = an_id()
    version = version()


class MoveAppointmentSchema(OneAppointmentSchema):
    """`move_appointment`."""

    makes = commands.MoveAppointment
    start_at = instant(required=True)
    site_id = fields.UUID(load_default=None)
    practitioner_id = fields.UUID(load_default=None)
    resource_ids = some_ids()
    overbook_reason = a_name(500, load_default=None, metadata=PHI)


class CancelAppointmentSchema(OneAppointmentSchema):
    """`cancel_appointment`."""

    makes = commands.CancelAppointment
    reason = a_name(500, required=True, metadata=PHI)
    by = fields.String(load_default=None, validate=validate.OneOf(["patient", "practitioner", "clinic", "other"]))


class VisitAnswer(Schema):
    """Another appointment of the patient."""

    appointment_id = fields.UUID()
    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    start_at = instant()
    end_at = instant()


class WarningAnswer(Schema):
    """What whoever gave the time should know."""

    kind = fields.String()
    visit = fields.Nested(VisitAnswer)


class AppointmentAnswer(DictSchema):
    """An appointment. `encounter_id` is known here before records has opened the encounter."""

    appointment_id = fields.UUID()
    version = fields.Integer()
    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    appointment_type_id = fields.UUID()
    patient_id = fields.UUID()
    status = fields.String()
    stage = fields.Function(lambda shown: stage_of(*(get_value(shown, name) for name in _STAGE)))
    start_at = instant()
    end_at = instant()
    zone = fields.String()
    arrival_id = fields.UUID(allow_none=True)
    encounter_id = fields.UUID(allow_none=True)
    arrived_at = instant(allow_none=True)
    cancelled_reason = fields.String(allow_none=True, metadata=PHI)
    cancelled_by = fields.String(allow_none=True)
    cancelled_notice_minutes = fields.Integer(allow_none=True)
    confirmed_at = instant(allow_none=True)
    confirmed_by = fields.String(allow_none=True)
    walk_in = fields.Boolean()
    in_room_at = instant(allow_none=True)
    done_at = instant(allow_none=True)
    room_id = fields.UUID(allow_none=True)
    delay_minutes = fields.Integer(allow_none=True)
    series_id = fields.UUID(allow_none=True)
    resource_ids = fields.List(fields.UUID())
    set_up_minutes = fields.Integer()
    clean_up_minutes = fields.Integer()
    overbooked_reason = fields.String(allow_none=True, metadata=PHI)
    warnings = fields.List(fields.Nested(WarningAnswer))


class AppointmentQuestion(Schema):
    """`appointment`."""

    appointment_id = an_id()


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


class ComingQuestion(Schema):
    """`coming_appointments`."""

    patient_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=200))
    limit = fields.Integer(strict=True, load_default=100, validate=validate.Range(1, 500))


class EncounterQuestion(Schema):
    """`arrived_encounter`."""

    encounter_id = an_id()


class PendingAnswer(Schema):
    """The encounter is on its way."""

    pending = fields.Boolean()
    appointment_id = fields.UUID()
