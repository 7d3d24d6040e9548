"""Appointments: book, read, move, cancel, reinstate, check in, undo."""

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
    ),
    example={
        "site_id": "0193a1f0-0000-7000-8000-000000000001",
        "practitioner_id": "0193a1f0-0000-7000-8000-000000000002",
        "appointment_type_id": "0193a1f0-0000-7000-8000-000000000003",
        "start_at": "2026-11-24T15:00:00Z",
        "new_patient": {"given": "Maria", "family": "Lindqvist", "phone": "+1 202 555 0123"},
    },
    problems=("appointment-overlaps", "outside-working-hours", "start-in-the-past"),
)
def book_appointment(call: Call) -> Any:
    """Books a free time for a patient, or for a new one, who is registered first.

    A taken time answers 409 `appointment-overlaps` with the next free times; where a new patient was registered on the
    way, `details.patient_id` names that one for the next try. A practitioner or a type that is not there registers
    nobody.
    """
    body = dict(call.body)
    newcomer = body.pop("new_patient", None)
    if newcomer is None:
        # Records decides whether this patient is one of the caller's; it is the access check.
        call.ask("records", "patient_seen", patient_id=body["patient_id"])
        return call.tell("scheduling", "book_appointment", part="book", **body)
    # A key that books somebody known is taken here, or refused: nobody is registered for a request of another body.
    call.tell("scheduling", "prepare_booking", part="book", **body)
    body["patient_id"] = _registered(call, newcomer)
    try:
        return call.tell("scheduling", "book_appointment", part="book-newcomer", **body)
    except Problem as problem:
        if problem.status == 409:
            problem.details["patient_id"] = body["patient_id"]
        raise


@route(
    "POST",
    "/v1/appointments/batch",
    scope="appointments:write",
    body=batch_of(schemas.BookItem),
    answer=answers_of(schemas.Appointment),
    max_body=MAX_BODY,
    objects=("items.site_id", "items.practitioner_id", "items.appointment_type_id", "items.patient_id"),
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
    objects=(*_PATH, "body.practitioner_id"),
    example={"start_at": "2026-11-24T16:00:00Z"},
    problems=("appointment-overlaps", "outside-working-hours", "start-in-the-past"),
)
def move_appointment(call: Call) -> Any:
    """Moves an appointment to a free time; where it is taken, the old time stays booked."""
    return call.tell("scheduling", "move_appointment", **call.path, **call.body)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/cancel",
    scope="appointments:write",
    body=schemas.CancelAppointment(),
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    example={"reason": "patient called"},
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


@route(
    "POST",
    "/v1/appointments/{appointment_id}/undo-check-in",
    scope="appointments:write",
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    problems=("visit-already-finished",),
)
def undo_check_in(call: Call) -> Any:
    """Undoes a check-in, as long as the visit is not finished.

    Scheduling hears of a finished visit by an event; records is asked first, so that no caller who has just
    finished a visit can undo its check-in before that event is through.
    """
    if _is_finished(call):
        raise Problem("visit-already-finished")
    return call.tell("scheduling", "undo_check_in", **call.path)


def _is_finished(call: Call) -> bool:
    appointment = call.ask("scheduling", "appointment", **call.path)
    if not appointment.get("encounter_id"):
        return False
    try:
        return bool(call.ask("records", "encounter", encounter_id=appointment["encounter_id"])["status"] == "finished")
    except Problem:
        return False  # not opened yet, or records is away: scheduling decides by what it knows


def _registered(call: Call, newcomer: dict[str, Any]) -> str:
    answer = call.tell("records", "register_patient", part="register", site_id=call.body["site_id"], **newcomer)
    return str(answer["patient_id"])
