"""Appointments, free times, callers and the day."""

from marshmallow import fields, validate

from gateway.schemas.base import (
    IF_MATCH,
    BatchItem,
    Body,
    Day,
    Instant,
    Number,
    QueryNumber,
    Text,
    View,
    a_day,
    an_id,
    an_instant,
)
from gateway.schemas.pages import Page, sorted_by
from gateway.schemas.patients import NewPatient, Patient
from gateway.schemas.sites import Site


class FreeTimesQuestion(Page):
    site_id = fields.UUID(required=True)
    practitioner_id = fields.UUID(required=True)
    appointment_type_id = fields.UUID(required=True)
    from_on = Day()
    days = QueryNumber(1, 31)


class FreeTime(View):
    start_at = an_instant()
    end_at = an_instant()


class BookAppointment(Body):
    """With `patient_id`, or with `new_patient` for a caller who is not known yet."""

    site_id = fields.UUID(required=True)
    practitioner_id = fields.UUID(required=True)
    appointment_type_id = fields.UUID(required=True)
    start_at = Instant(required=True)
    patient_id = fields.UUID()
    new_patient = fields.Nested(NewPatient)

    exactly_one_of = ("patient_id", "new_patient")


class BookItem(BatchItem):
    site_id = fields.UUID(required=True)
    practitioner_id = fields.UUID(required=True)
    appointment_type_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    start_at = Instant(required=True)


class CheckInItem(BatchItem):
    appointment_id = fields.UUID(required=True)
    version = Number(1, metadata=IF_MATCH)


class MoveAppointment(Body):
    start_at = Instant(required=True)
    practitioner_id = fields.UUID()


class CancelAppointment(Body):
    reason = Text(500, required=True)


class AppointmentList(Page):
    """Days are the site's, and UTC's where no site is named."""

    limit = QueryNumber(1, 1000, metadata={"description": "50 where it is left out, with `on` 1000"})
    site_id = fields.UUID()
    patient_id = fields.UUID()
    practitioner_id = fields.UUID()
    status = fields.String(validate=validate.OneOf(["booked", "arrived", "fulfilled", "cancelled"]))
    on = Day(metadata={"description": "one day"})
    from_on = Day(metadata={"description": "from this day on"})
    to_on = Day(metadata={"description": "up to this day, and with it"})
    sort = sorted_by("start_at")

    at_least = (1, ("site_id", "patient_id"))


class DayQuestion(Body):
    site_id = fields.UUID(required=True)
    on = Day(metadata={"description": "the site's calendar day; today when absent"})


class Appointment(View):
    appointment_id = an_id()
    version = fields.Integer()
    site_id = an_id()
    practitioner_id = an_id()
    appointment_type_id = an_id()
    patient_id = an_id()
    status = fields.String()
    start_at = an_instant()
    end_at = an_instant()
    zone = fields.String()
    arrival_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    encounter_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    arrived_at = an_instant()
    cancelled_reason = fields.String(allow_none=True)


class PatientName(View):
    given = fields.String()
    family = fields.String()
    birth_on = a_day()


class TextState(View):
    kind = fields.String()
    status = fields.String()
    reason = fields.String(allow_none=True)


class DayItem(Appointment):
    patient = fields.Nested(PatientName, allow_none=True)
    practitioner_name = fields.String(allow_none=True)
    type_name = fields.String(allow_none=True)
    text = fields.Nested(TextState, allow_none=True)


class DaySheet(View):
    site = fields.Nested(Site)
    on = a_day()
    today = a_day()
    zone = fields.String()
    items = fields.List(fields.Nested(DayItem))


class Caller(View):
    """Who calls from a number: the patients that have it, and all their coming appointments at the caller's sites."""

    patients = fields.List(fields.Nested(Patient))
    appointments = fields.List(fields.Nested(Appointment))
    more = fields.Boolean(metadata={"description": "not all of them are here: search patients by `phone`, in pages"})
