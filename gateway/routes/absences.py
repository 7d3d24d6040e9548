"""Sick days and closures: who does not come, which visits that touches, and what becomes of each."""

from typing import Any

from gateway.clients import LONG_DEADLINE_S
from gateway.endpoint import Call, route
from gateway.schemas import absences as schemas

ABSENCE, RESCHEDULE = schemas.Absence(), schemas.Reschedule()
_ABSENCE, _RESCHEDULE = ("path.absence_id",), ("path.reschedule_id",)


@route(
    "POST",
    "/v1/absences",
    scope="appointments:write",
    body=schemas.MarkAbsence(),
    answer=ABSENCE,
    objects=("body.practitioner_id", "body.site_id"),
    example={
        "practitioner_id": "0193a1f0-0000-7000-8000-000000000003",
        "from_at": "2026-11-24T13:00:00Z",
        "until_at": "2026-11-24T22:00:00Z",
        "reason": "sick",
    },
    problems=("absence-over", "practitioner-elsewhere", "impossible-absence"),
    deadline_s=LONG_DEADLINE_S,
)
def mark_absence(call: Call) -> Any:
    """Marks a practitioner absent, or a site closed: every visit that is expected then goes to the reschedule list.

    Each is listed with ranked proposals, and from the same moment on nothing is booked into that time. Said again,
    nothing changes; what overlaps an absence that stands extends it.
    """
    return call.tell("scheduling", "close_site" if "site_id" in call.body else "mark_absent", **call.body)


@route(
    "GET",
    "/v1/absences",
    scope="appointments:read",
    query=schemas.AbsenceList(),
    answer=ABSENCE,
    listed=True,
    objects=("query.site_id", "query.practitioner_id"),
)
def list_absences(call: Call) -> Any:
    """Absences that concern your sites, each with the tally of its list."""
    return call.page_of("scheduling", "absences", **call.query)


@route("GET", "/v1/absences/{absence_id}", scope="appointments:read", answer=ABSENCE, objects=_ABSENCE)
def get_absence(call: Call) -> Any:
    """One absence with its tally."""
    return call.ask("scheduling", "absence", **call.path)


@route(
    "POST",
    "/v1/absences/{absence_id}/undo",
    scope="appointments:write",
    answer=ABSENCE,
    versioned=True,
    objects=_ABSENCE,
    problems=("absence-undone",),
    deadline_s=LONG_DEADLINE_S,
)
def undo_absence(call: Call) -> Any:
    """He came after all: visits that are still open on the list stay as they were booked; moved ones stay moved."""
    return call.tell("scheduling", "undo_absence", **call.path)


@route(
    "GET",
    "/v1/reschedules",
    scope="appointments:read",
    query=schemas.RescheduleList(),
    answer=schemas.ListedReschedule(),
    listed=True,
    objects=("query.site_id", "query.absence_id"),
)
def list_reschedules(call: Call) -> Any:
    """Visits on the reschedule lists of your sites, with what is proposed to each."""
    return call.page_of("scheduling", "reschedules", **call.query)


@route(
    "POST",
    "/v1/reschedules/{reschedule_id}/accept",
    scope="appointments:write",
    body=schemas.AcceptProposal(),
    answer=RESCHEDULE,
    versioned=True,
    objects=_RESCHEDULE,
    example={"number": 1},
    problems=("proposal-taken", "reschedule-settled", "no-such-proposal", "appointment-not-booked"),
)
def accept_proposal(call: Call) -> Any:
    """Moves the visit to a proposal.

    Where somebody took that time meanwhile it answers 409 `proposal-taken` with `details.proposals` that are free now
    (take one of them by `pick`), and the visit stays where it is.
    """
    return call.tell("scheduling", "accept_proposal", **call.path, **call.body)


@route(
    "POST",
    "/v1/reschedules/{reschedule_id}/decline",
    scope="appointments:write",
    body=schemas.DeclineProposals(),
    answer=RESCHEDULE,
    versioned=True,
    objects=_RESCHEDULE,
    example={"then": "proposals"},
    problems=("reschedule-settled",),
)
def decline_proposals(call: Call) -> Any:
    """The patient takes none of the proposals; where that is said, other times are proposed or somebody has to call."""
    return call.tell("scheduling", "decline_proposals", **call.path, **call.body)


@route(
    "POST",
    "/v1/reschedules/{reschedule_id}/pick",
    scope="appointments:write",
    body=schemas.PickTime(),
    answer=RESCHEDULE,
    versioned=True,
    objects=(*_RESCHEDULE, "body.site_id", "body.practitioner_id"),
    example={"start_at": "2026-11-25T15:00:00Z"},
    problems=("appointment-overlaps", "outside-working-hours", "start-in-the-past", "reschedule-settled"),
)
def pick_time(call: Call) -> Any:
    """Moves the visit to a free time that was not proposed, also at another of your sites."""
    return call.tell("scheduling", "pick_time", **call.path, **call.body)


@route(
    "POST",
    "/v1/reschedules/{reschedule_id}/cancel",
    scope="appointments:write",
    body=schemas.CancelListed(),
    answer=RESCHEDULE,
    versioned=True,
    objects=_RESCHEDULE,
    example={"reason": "does not want to come"},
    problems=("reschedule-settled", "appointment-not-booked"),
)
def cancel_listed(call: Call) -> Any:
    """Cancels the visit."""
    return call.tell("scheduling", "cancel_listed", **call.path, **call.body)


@route(
    "POST",
    "/v1/reschedules/{reschedule_id}/to-call",
    scope="appointments:write",
    answer=RESCHEDULE,
    versioned=True,
    objects=_RESCHEDULE,
    problems=("reschedule-settled",),
)
def mark_to_call(call: Call) -> Any:
    """Somebody has to call the patient; the proposals stand, to be named on the telephone."""
    return call.tell("scheduling", "mark_to_call", **call.path)
