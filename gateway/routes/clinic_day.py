"""The clinic day: who walks in, goes in, is done, and is kept waiting; what is to be printed of it."""

from typing import Any

from gateway import papers
from gateway.endpoint import Call, Reply, route
from gateway.routes.appointments import registered
from gateway.routes.documents import POLICY
from gateway.schemas import clinic_day as schemas
from gateway.schemas.appointments import Appointment, DayQuestion

APPOINTMENT = Appointment()
_PATH = ("path.appointment_id",)
_HTML = "text/html; charset=utf-8"


@route(
    "POST",
    "/v1/appointments/walk-in",
    scope="appointments:write",
    body=schemas.BookWalkIn(),
    answer=APPOINTMENT,
    status=201,
    objects=("body.site_id", "body.practitioner_id", "body.appointment_type_id", "body.patient_id"),
    example={
        "site_id": "0193a1f0-0000-7000-8000-000000000001",
        "practitioner_id": "0193a1f0-0000-7000-8000-000000000002",
        "appointment_type_id": "0193a1f0-0000-7000-8000-000000000003",
        "new_patient": {"given": "Maria", "family": "Lindqvist", "phone": "+1 202 555 0123"},
    },
    problems=("appointment-overlaps", "outside-working-hours", "start-in-the-past", "not-yet"),
)
def book_walk_in(call: Call) -> Any:
    """Books for somebody who is here already, and checks her in: one step, marked `walk_in`, that texts nobody.

    A taken time answers 409 `appointment-overlaps` with the next free times: give one of them as `start_at`. A wrong
    walk-in is entered in error.
    """
    body = dict(call.body)
    newcomer = body.pop("new_patient", None)
    if newcomer is None:
        return call.tell_of_patient("book_walk_in", part="book", **body)
    call.tell("scheduling", "prepare_walk_in", part="book", **body)
    with registered(call, newcomer) as patient_id:
        return call.tell("scheduling", "book_walk_in", part="book-newcomer", **body, patient_id=patient_id)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/start",
    scope="appointments:write",
    body=schemas.StartAppointment(),
    answer=APPOINTMENT,
    versioned=True,
    objects=(*_PATH, "body.room_id"),
    example={},
    problems=("appointment-not-arrived", "room-elsewhere"),
)
def start_appointment(call: Call) -> Any:
    """The patient goes into the room; who is in it already goes into another, and who was done comes back."""
    return call.tell("scheduling", "start_appointment", **call.path, **call.body)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/undo-start",
    scope="appointments:write",
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    problems=("appointment-not-in-room",),
)
def undo_start(call: Call) -> Any:
    """The patient is still waiting."""
    return call.tell("scheduling", "undo_start", **call.path)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/finish",
    scope="appointments:write",
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    problems=("appointment-not-in-room",),
)
def finish_appointment(call: Call) -> Any:
    """Done at the desk; `fulfilled` it is once its encounter is finished."""
    return call.tell("scheduling", "finish_appointment", **call.path)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/undo-finish",
    scope="appointments:write",
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    problems=("appointment-not-done",),
)
def undo_finish(call: Call) -> Any:
    """The patient is still here."""
    return call.tell("scheduling", "undo_finish", **call.path)


@route(
    "POST",
    "/v1/practitioners/{practitioner_id}/running-late",
    scope="appointments:write",
    body=schemas.RunLate(),
    answer=schemas.Delayed(),
    objects=("path.practitioner_id", "body.site_id"),
    example={"site_id": "0193a1f0-0000-7000-8000-000000000001", "minutes": 20},
)
def run_late(call: Call) -> Any:
    """A practitioner runs late on a day: whoever waits or is on the way is told by `delay_minutes`.

    The whole delay each time, not what is added; only appointments whose delay differs change.
    """
    return call.tell("scheduling", "run_late", **call.path, **call.body)


@route(
    "GET",
    "/v1/day/print",
    scope="appointments:read",
    query=DayQuestion(),
    objects=("query.site_id", "query.practitioner_id", "query.room_id"),
    media_type="text/html",
)
def print_day(call: Call) -> Any:
    """The day sheet as a page to print, in the site's local time."""
    day = call.ask("scheduling", "day", **call.query)
    return _paper(papers.day_sheet(day, call.door.clock.now()))


@route(
    "GET",
    "/v1/appointments/{appointment_id}/card",
    scope="appointments:read",
    objects=_PATH,
    media_type="text/html",
    problems=("appointment-entered-in-error",),
)
def print_card(call: Call) -> Any:
    """The appointment card for the patient, as a page to print, in the site's local time."""
    return _paper(papers.appointment_card(call.ask("scheduling", "appointment_card", **call.path)))


def _paper(page: str) -> Reply:
    return Reply(page.encode(), headers={"Content-Security-Policy": POLICY}, media_type=_HTML)
