"""Appointments, free times, callers and the day."""

from marshmallow import ValidationError, fields, validates_schema

from gateway.schemas.base import Body, Day, Instant, QueryNumber, Text, View, a_day, an_id, an_instant
from gateway.schemas.patients import NewPatient, Patient
from gateway.schemas.sites import Site


class FreeTimesQuestion(Body):
    site_id = fields.UUID(required=True)
    practitioner_id = fields.UUID(required=True)
    appointment_type_id = fields.UUID(required=True)
    from_on = Day()
    days = QueryNumber(1, 31)
    limit = QueryNumber(1, 200)


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

    @validates_schema
    def _one_patient(self, data: dict[str, object], **_: object) -> None:
        if len(data.keys() & {"patient_id", "new_patient"}) != 1:
            raise ValidationError("Give patient_id or new_patient, and not both.")


class MoveAppointment(Body):
    start_at = Instant(required=True)
    practitioner_id = fields.UUID()


class CancelAppointment(Body):
    reason = Text(500, required=True)


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
