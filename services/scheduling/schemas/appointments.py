"""Appointments on the wire."""

from collections.abc import Callable
from typing import Any, get_args

from marshmallow import Schema, fields, validate

from services.scheduling.domain import commands
from services.scheduling.domain.appointment import Status
from services.scheduling.schemas.shapes import a_name, an_id
from shared.schemas import PHI, CommandSchema, PageQuestion, instant, sorted_by, version


class PrepareBookingSchema(CommandSchema):
    """`prepare_booking`."""

    makes = commands.PrepareBooking
    site_id = an_id()
    practitioner_id = an_id()
    appointment_type_id = an_id()
    start_at = instant(required=True)


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


class OneAppointmentSchema(CommandSchema):
    """`reinstate_appointment`, `check_in`, `undo_check_in`."""

    makes: Callable[..., Any] = commands.OneAppointment
    appointment_id = an_id()
    version = version()


class MoveAppointmentSchema(OneAppointmentSchema):
    """`move_appointment`."""

    makes = commands.MoveAppointment
    start_at = instant(required=True)
    practitioner_id = fields.UUID(load_default=None)


class CancelAppointmentSchema(OneAppointmentSchema):
    """`cancel_appointment`."""

    makes = commands.CancelAppointment
    reason = a_name(500, required=True, metadata=PHI)


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
