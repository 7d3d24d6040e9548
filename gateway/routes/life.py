"""The life of an appointment: proposals, confirmations, who did not come, what was a mistake, and its history.

A step that does not fit is answered 409 with the present `status` and `stage`, and with `can`: the steps that do fit.
"""

from typing import Any
from uuid import UUID

from gateway.endpoint import Call, route
from gateway.errors import Problem
from gateway.schemas import life as schemas
from gateway.schemas.appointments import Appointment

APPOINTMENT = Appointment()
_PATH = ("path.appointment_id",)


@route(
    "POST",
    "/v1/appointments/propose",
    scope="appointments:write",
    body=schemas.ProposeAppointment(),
    answer=APPOINTMENT,
    status=201,
    objects=("body.site_id", "body.practitioner_id", "body.appointment_type_id", "body.patient_id"),
    example={
        "site_id": "0193a1f0-0000-7000-8000-000000000001",
        "practitioner_id": "0193a1f0-0000-7000-8000-000000000002",
        "appointment_type_id": "0193a1f0-0000-7000-8000-000000000003",
        "patient_id": "0193a1f0-0000-7000-8000-000000000004",
        "start_at": "2026-11-24T15:00:00Z",
    },
    problems=("appointment-overlaps", "outside-working-hours", "start-in-the-past"),
)
def propose_appointment(call: Call) -> Any:
    """Keeps a free time for a known patient to accept or decline; until then it is taken and nobody is texted."""
    return call.tell_of_patient("propose_appointment", **call.body)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/accept",
    scope="appointments:write",
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    problems=("appointment-not-proposed",),
)
def accept_appointment(call: Call) -> Any:
    """The patient takes what was proposed: it is booked."""
    return call.tell("scheduling", "accept_appointment", **call.path)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/decline",
    scope="appointments:write",
    body=schemas.WithReason(),
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    example={"reason": "too early in the day"},
    problems=("appointment-not-proposed",),
)
def decline_appointment(call: Call) -> Any:
    """The patient does not take what was proposed: it is cancelled, and its time is free at once."""
    return call.tell("scheduling", "decline_appointment", **call.path, **call.body)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/confirm",
    scope="appointments:write",
    body=schemas.ConfirmAppointment(),
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    example={"by": "patient"},
    problems=("appointment-not-booked",),
)
def confirm_appointment(call: Call) -> Any:
    """The patient will come: `by` says who said so."""
    return call.tell("scheduling", "confirm_appointment", **call.path, **call.body)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/unconfirm",
    scope="appointments:write",
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    problems=("appointment-not-confirmed",),
)
def unconfirm_appointment(call: Call) -> Any:
    """Takes a wrong confirmation back."""
    return call.tell("scheduling", "unconfirm_appointment", **call.path)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/no-show",
    scope="appointments:write",
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    problems=("appointment-not-booked", "appointment-not-begun"),
)
def mark_noshow(call: Call) -> Any:
    """The patient did not come: from the start on. What is left of the time is free at once."""
    return call.tell("scheduling", "mark_noshow", **call.path)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/undo-no-show",
    scope="appointments:write",
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    problems=("appointment-not-noshow", "appointment-overlaps"),
)
def undo_noshow(call: Call) -> Any:
    """The patient came after all: expected again, where the time is still free."""
    return call.tell("scheduling", "undo_noshow", **call.path)


@route(
    "POST",
    "/v1/appointments/{appointment_id}/enter-in-error",
    scope="appointments:write",
    body=schemas.WithReason(),
    answer=APPOINTMENT,
    versioned=True,
    objects=_PATH,
    example={"reason": "booked for the wrong patient"},
    problems=("visit-already-finished", "appointment-entered-in-error"),
)
def enter_in_error(call: Call) -> Any:
    """It should never have been: final, off the day sheet, its time free at once; a check-in's encounter is voided."""
    refuse_finished(call)
    return call.tell("scheduling", "enter_in_error", **call.path, **call.body)


@route(
    "GET",
    "/v1/appointments/{appointment_id}/history",
    scope="appointments:read",
    answer=schemas.History(),
    objects=_PATH,
)
def get_appointment_history(call: Call) -> Any:
    """Every change of an appointment: who, when, which step, and where it stood before and after."""
    history = call.ask("scheduling", "appointment_history", **call.path)
    logins = _logins(call, {it["actor_id"] for it in history["changes"] if it["actor_kind"] in ("user", "client")})
    changes = [{**it, "actor_login": logins.get(it["actor_id"])} for it in history["changes"]]
    return {**history, "changes": changes}


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
    refuse_finished(call)
    return call.tell("scheduling", "undo_check_in", **call.path)


def _logins(call: Call, account_ids: set[str]) -> dict[str, str]:
    with call.door.units.for_call(call.asker, action=call.route.name) as uow:
        found = uow.accounts.logins([UUID(it) for it in account_ids])
    return {str(account_id): login for account_id, login in found.items()}


def refuse_finished(call: Call) -> None:
    """Raises visit-already-finished where records knows that the appointment's encounter is."""
    if _is_finished(call):
        raise Problem("visit-already-finished")


def _is_finished(call: Call) -> bool:
    appointment = call.ask("scheduling", "appointment", **call.path)
    if not appointment.get("encounter_id"):
        return False
    try:
        return bool(call.ask("records", "encounter", encounter_id=appointment["encounter_id"])["status"] == "finished")
    except Problem:
        return False  # not opened yet, or records is away: scheduling decides by what it knows
