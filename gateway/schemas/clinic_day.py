"""The clinic day: who walks in, goes in, and is kept waiting."""

from marshmallow import fields

from gateway.schemas.appointments import Appointment
from gateway.schemas.base import Body, Day, Instant, Number, View, a_day, an_id
from gateway.schemas.patients import NewPatient


class BookWalkIn(Body):
    """With `patient_id`, or with `new_patient` for somebody who is not known yet."""

    site_id = fields.UUID(required=True)
    practitioner_id = fields.UUID(required=True)
    appointment_type_id = fields.UUID(required=True)
    start_at = Instant(metadata={"description": "later today; this minute where it is left out"})
    patient_id = fields.UUID()
    new_patient = fields.Nested(NewPatient)

    exactly_one_of = ("patient_id", "new_patient")


class StartAppointment(Body):
    room_id = fields.UUID(metadata={"description": "a room of the appointment's site"})


class RunLate(Body):
    site_id = fields.UUID(required=True)
    minutes = Number(0, 480, required=True, metadata={"description": "0 takes the delay back"})
    on = Day(metadata={"description": "the site's calendar day; today when absent"})


class Delayed(View):
    """The delay, and the appointments that changed with it."""

    site_id = an_id()
    practitioner_id = an_id()
    on = a_day()
    minutes = fields.Integer()
    appointments = fields.List(fields.Nested(Appointment))
