"""The clinic day on the wire: who goes in, walks in, is kept waiting; and the appointment card."""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields, validate

from services.scheduling.domain import commands
from services.scheduling.schemas.appointments import AppointmentAnswer, OneAppointmentSchema
from services.scheduling.schemas.days import DayItem
from services.scheduling.schemas.places import SiteAnswer
from services.scheduling.schemas.shapes import an_id
from shared.schemas import CommandSchema, instant


class StartAppointmentSchema(OneAppointmentSchema):
    """`start_appointment`."""

    makes = commands.StartAppointment
    room_id = fields.UUID(load_default=None)


class PrepareWalkInSchema(CommandSchema):
    """`prepare_walk_in`."""

    makes: Callable[..., Any] = commands.PrepareWalkIn
    site_id = an_id()
    practitioner_id = an_id()
    appointment_type_id = an_id()
    start_at = instant(load_default=None)


class BookWalkInSchema(PrepareWalkInSchema):
    """`book_walk_in`."""

    makes = commands.BookWalkIn
    patient_id = an_id()


class RunLateSchema(CommandSchema):
    """`run_late`."""

    makes = commands.RunLate
    site_id = an_id()
    practitioner_id = an_id()
    minutes = fields.Integer(strict=True, required=True, validate=validate.Range(0, 480))
    on = fields.Date(load_default=None)


class RunLateAnswer(Schema):
    """The delay, and the appointments that changed with it."""

    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    on = fields.Date()
    minutes = fields.Integer()
    appointments = fields.List(fields.Nested(AppointmentAnswer))


class CardQuestion(Schema):
    """`appointment_card`."""

    appointment_id = an_id()


class CardAnswer(Schema):
    """The appointment's line of the day sheet, and its site."""

    site = fields.Nested(SiteAnswer)
    appointment = fields.Nested(DayItem)
