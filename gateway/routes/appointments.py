"""Appointments: book, read, move, cancel, reinstate, check in, undo."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gateway.batches import MAX_BODY, Batch, answers_of, batch_of
from gateway.endpoint import Call, route
from gateway.errors import Problem
from gateway.schemas import appointments as schemas

APPOINTMENT = schemas.Appointment()
_PATH = ("path.appointment_id",)
_WHOLE_DAY = 1000


@route(
    "POST",
    "/v1/appointments",
    scope="appointments:write",
    body=schemas.BookAppointment(),
    answer=APPOINTMENT,
    status=201,
    objects=(
        "body.site_id",
        "body.practitioner_id",
        "body.appointment_type_id",
        "body.patient_id",
        "body.resource_ids",
        "body.hold_id",
    ),
    example={
        "site_id": "0193a1f0-0000-7000-8000-000000000001",
        "practitioner_id": "0193a1f0-0000-7000-8000-000000000002",
        "appointment_type_id": "0193a1f0-0000-7000-8000-000000000003",
        "start_at": "2026-11-24T15:00:00Z",
        "new_patient": {"given": "Maria", "family": "Lindqvist", "phone": "+1 202 555 0123"},
    },
    problems=(
        "appointment-overlaps",
        "resource-taken",
        "outside-working-hours",
        "start-in-the-past",
        "notice-too-short",
        "beyond-horizon",
        "hold-over",
    ),
)
def book_appointment(call: Call) -> Any:
    """Books a free time, with all that the visit needs, for a patient, or for a new one, who is registered first.

    A time that cannot be had answers 409 with the reason and the next free times; where a new patient was registered
    on the way, `details.patient_id` names that one for the next try. A practitioner or a type that is not there
    registers nobody.
    """
    body = dict(call.body)
    newcomer = body.pop("new_patient", None)
    if newcomer is None:
        return call.tell_of_patient("book_appointment", part="book", **body)
    # A key that books somebody known is taken here, or refused: nobody is registered for a request of another body.
    call.tell("scheduling", "prepare_booking", part="book", **body)
    with registered(call, newcomer) as patient_id:
        return call.tell("scheduling", "book_appointment", part="book-newcomer", **body, patient_id=patient_id)


@route(
    "POST",
    "/v1/appointments/batch",
    scope="appointments:write",
    body=batch_of(schemas.BookItem),
    answer=answers_of(schemas.Appointment),
    max_body=MAX_BODY,
    objects=(
        "items.site_id",
        "items.practitioner_id",
        "items.appointment_type_id",
        "items.patient_id",
        "items.resource_ids",
        "items.hold_id",
    ),
    example={
        "items": [
            {
                "key": "visit-4711",
                "site_id": "0193a1f0-0000-7000-8000-000000000001",
                "practitioner_id": "0193a1f0-0000-7000-8000-000000000002",
                "appointment_type_id": "0193a1f0-0000-7000-8000-000000000003",
                "patient_id": "0193a1f0-0000-7000-8000-000000000004",
                "start_at": "2026-11-24T15:00:00Z",
            }
        ]
    },
)
def book_appointments(call: Call) -> Any:
    """Books many times, each for a patient who is known; each item is answered as `POST /v1/appointments` would be."""
    batch = Batch(call)
    if patients := batch.ids("patient_id"):
        seen = call.ask("records", "patients_seen", patient_ids=patients)["patient_ids"]
        batch.refuse_unless("patient_id", set(seen))
        call.patients_seen = True
    return batch.told("scheduling", "book_appointment", status=201, part="book")


@route(
    "GET",
    "/v1/appointments",
    scope="appointments:read",
    query=schemas.AppointmentList(),
    answer=APPOINTMENT,
    listed=True,
    objects=("query.site_id", "query.patient_id", "query.practitioner_id"),
)
def list_appointments(call: Call) -> Any:
    """Appointments of a site or of a patient at your sites, by days, status and practitioner.

    The day sheet with names and texts is `GET /v1/day`.
    """
    whole_day = {"limit": _WHOLE_DAY} if "on" in call.query else {}
    return call.page_of("scheduling", "appointments", **{**whole_day, **call.query})


@route("GET", "/v1/appointments/{appointment_id}", scope="appointments:read", answer=APPOINTMENT, objects=_PATH)
def get_appointment(call: Call) -> Any:
    """One appointment of your sites."""
    return call.ask("scheduling", "appointment", **call.path)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/move",
    scope="appointments:write",
    body=schemas.MoveAppointment(),
    answer=APPOINTMENT,
    versioned=True,
    objects=(*_PATH, "body.site_id", "body.practitioner_id", "body.resource_ids"),
    example={"start_at": "2026-11-24T16:00:00Z"},
    problems=("appointment-overlaps", "outside-working-hours", "start-in-the-past"),
)
def move_appointment(call: Call) -> Any:
    """Moves an appointment to a free time, also at another of your sites; where it is taken, the old time stays booked.

    At another site it takes its rooms and devices there, is seen there from then on, and at the old one no more.
    """
    return call.tell("scheduling", "move_appointment", **call.path, **call.body)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/cancel",
    scope="appointments:write",
    body=schemas.CancelAppointment(),
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    example={"reason": "patient called", "by": "patient"},
)
def cancel_appointment(call: Call) -> Any:
    """Cancels an appointment; its time is free at once."""
    return call.tell("scheduling", "cancel_appointment", **call.path, **call.body)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/reinstate",
    scope="appointments:write",
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    problems=("appointment-overlaps",),
)
def reinstate_appointment(call: Call) -> Any:
    """Undoes a cancellation, where the time is still free."""
    return call.tell("scheduling", "reinstate_appointment", **call.path)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/check-in",
    scope="appointments:write",
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    problems=("not-yet",),
)
def check_in(call: Call) -> Any:
    """The patient is here: opens the encounter."""
    return call.tell("scheduling", "check_in", **call.path)


@route(
    "POST",
    "/v1/appointments/check-in/batch",
    scope="appointments:write",
    body=batch_of(schemas.CheckInItem),
    answer=answers_of(schemas.Appointment),
    max_body=MAX_BODY,
    objects=("items.appointment_id",),
    example={"items": [{"key": "here-4711", "appointment_id": "0193a1f0-0000-7000-8000-000000000005"}]},
)
def check_in_many(call: Call) -> Any:
    """Checks many patients in; each item is answered as `POST /v1/appointments/{appointment_id}/check-in` would be."""
    return Batch(call).told("scheduling", "check_in")


@contextmanager
def registered(call: Call, newcomer: dict[str, Any]) -> Iterator[str]:
    """The id of a patient who is registered first; a rule that says no afterwards names it for the next try."""
    answer = call.tell("records", "register_patient", part="register", site_id=call.body["site_id"], **newcomer)
    call.patients_seen = True
    patient_id = str(answer["patient_id"])
    try:
        yield patient_id
    except Problem as problem:
        if problem.status == 409:
            problem.details["patient_id"] = patient_id
        raise
