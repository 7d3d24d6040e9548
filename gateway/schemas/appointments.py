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
    some_ids,
)
from gateway.schemas.pages import Page, sorted_by
from gateway.schemas.patients import NewPatient, Patient
from gateway.schemas.sites import Site

# FHIR R4's AppointmentStatus, as far as appointments come to it.
STATUSES = ("proposed", "booked", "arrived", "fulfilled", "cancelled", "noshow", "entered-in-error")

STATES = ("proposed", "expected", "late", "arrived", "in-room", "done", "cancelled", "noshow")


_BESIDE = "rooms, devices and further practitioners; what is needed and not named is chosen"
_BEYOND = "takes a lane beyond capacity, up to the type's limit, where none is free; scope appointments:overbook"


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
    resource_ids = some_ids(_BESIDE)
    hold_id = fields.UUID(metadata={"description": "a hold of this site, practitioner, type and start"})
    overbook_reason = Text(500, metadata={"description": _BEYOND})
    patient_id = fields.UUID()
    new_patient = fields.Nested(NewPatient)

    exactly_one_of = ("patient_id", "new_patient")


class BookItem(BatchItem):
    site_id = fields.UUID(required=True)
    practitioner_id = fields.UUID(required=True)
    appointment_type_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    start_at = Instant(required=True)
    resource_ids = some_ids(_BESIDE)
    hold_id = fields.UUID()
    overbook_reason = Text(500, metadata={"description": _BEYOND})


class CheckInItem(BatchItem):
    appointment_id = fields.UUID(required=True)
    version = Number(1, metadata=IF_MATCH)


class MoveAppointment(Body):
    start_at = Instant(required=True)
    site_id = fields.UUID(metadata={"description": "another site of yours; left out: the visit stays at its own"})
    practitioner_id = fields.UUID()
    resource_ids = some_ids(_BESIDE)
    overbook_reason = Text(500, metadata={"description": _BEYOND})


class CancelAppointment(Body):
    reason = Text(500, required=True)
    by = fields.String(
        validate=validate.OneOf(["patient", "practitioner", "clinic", "other"]),
        metadata={"description": "who wished it; left out where nobody said"},
    )


class AppointmentList(Page):
    """Days are the site's, and UTC's where no site is named."""

    limit = QueryNumber(1, 1000, metadata={"description": "50 where it is left out, with `on` 1000"})
    site_id = fields.UUID()
    patient_id = fields.UUID()
    practitioner_id = fields.UUID()
    status = fields.String(validate=validate.OneOf(STATUSES))
    on = Day(metadata={"description": "one day"})
    from_on = Day(metadata={"description": "from this day on"})
    to_on = Day(metadata={"description": "up to this day, and with it"})
    sort = sorted_by("start_at")

    at_least = (1, ("site_id", "patient_id"))


class DayQuestion(Body):
    site_id = fields.UUID(required=True)
    on = Day(metadata={"description": "the site's calendar day; today when absent"})
    practitioner_id = fields.UUID()
    room_id = fields.UUID(metadata={"description": "where the patients are, or will be"})


class OtherVisit(View):
    appointment_id = an_id()
    site_id = an_id()
    practitioner_id = an_id()
    start_at = an_instant()
    end_at = an_instant()


class Warned(View):
    kind = fields.String(metadata={"example": "same-day", "description": "overlaps or same-day"})
    visit = fields.Nested(OtherVisit)


class Appointment(View):
    appointment_id = an_id()
    version = fields.Integer()
    site_id = an_id()
    practitioner_id = an_id()
    appointment_type_id = an_id()
    patient_id = an_id()
    status = fields.String(metadata={"description": f"FHIR R4: {', '.join(STATUSES)}"})
    stage = fields.String(
        metadata={
            "description": "the status told apart further: a booked one may be `confirmed`, an arrived one `in-room` or"
            " `done`"
        }
    )
    start_at = an_instant()
    end_at = an_instant()
    zone = fields.String()
    arrival_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    encounter_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    arrived_at = an_instant()
    cancelled_reason = fields.String(allow_none=True)
    cancelled_by = fields.String(allow_none=True)
    cancelled_notice_minutes = fields.Integer(
        allow_none=True, metadata={"description": "from the cancellation to the start; below zero after it"}
    )
    confirmed_at = an_instant()
    confirmed_by = fields.String(allow_none=True)
    walk_in = fields.Boolean()
    in_room_at = an_instant()
    done_at = an_instant()
    room_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    delay_minutes = fields.Integer(allow_none=True, metadata={"description": "the practitioner runs late by so much"})
    series_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    resource_ids = fields.List(an_id(), metadata={"description": "what it takes beside the practitioner"})
    set_up_minutes = fields.Integer(metadata={"example": 0})
    clean_up_minutes = fields.Integer(metadata={"example": 0})
    overbooked_reason = fields.String(
        allow_none=True,
        metadata={"description": "why it was booked beyond capacity; null: it was not", "example": None},
    )
    warnings = fields.List(
        fields.Nested(Warned),
        metadata={"description": "the patient's other appointments then, where a time was just given"},
    )


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
    room_name = fields.String(allow_none=True)
    state = fields.String(metadata={"description": f"at this moment: {', '.join(STATES)}"})
    waiting_minutes = fields.Integer(
        allow_none=True, metadata={"description": "from the check-in to the room, or until now; null: not here"}
    )
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
