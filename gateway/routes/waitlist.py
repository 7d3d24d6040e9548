"""The waitlist: who waits, and the answers to what is offered."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import waitlist as schemas

ENTRY = schemas.WaitlistEntry()
OFFER = schemas.WaitlistOffer()
POLICY = schemas.WaitlistPolicy()
_ENTRY_PATH = ("path.entry_id",)
_OFFER_PATH = ("path.offer_id",)


@route(
    "POST",
    "/v1/waitlist",
    scope="appointments:write",
    body=schemas.AddWaitlistEntry(),
    answer=ENTRY,
    status=201,
    objects=("body.patient_id", "body.appointment_type_id", "body.appointment_id"),
    example={
        "patient_id": "0193a1f0-0000-7000-8000-000000000005",
        "appointment_type_id": "0193a1f0-0000-7000-8000-000000000004",
        "weekdays": [1, 2, 3],
        "starts": "09:00",
        "ends": "12:00",
        "notice_minutes": 120,
    },
    problems=("other-visit", "impossible-wish", "appointment-not-booked"),
)
def add_waitlist_entry(call: Call) -> Any:
    """Puts a patient on the waitlist: for any time, or for one that is earlier than a visit.

    What fits and is free already is offered at once.
    """
    return call.tell_of_patient("add_waitlist_entry", **call.body)


@route(
    "GET",
    "/v1/waitlist",
    scope="appointments:read",
    query=schemas.WaitlistList(),
    answer=ENTRY,
    listed=True,
    objects=("query.site_id", "query.patient_id"),
)
def list_waitlist(call: Call) -> Any:
    """Who waits at your sites, in the order in which they are asked."""
    return call.page_of("scheduling", "waitlist", **call.query)


@route("GET", "/v1/waitlist/{entry_id}", scope="appointments:read", answer=ENTRY, objects=_ENTRY_PATH)
def get_waitlist_entry(call: Call) -> Any:
    """One entry of your sites."""
    return call.ask("scheduling", "waitlist_entry", **call.path)


@route(
    "PATCH",
    "/v1/waitlist/{entry_id}",
    scope="appointments:write",
    body=schemas.ChangeWaitlistEntry(),
    answer=ENTRY,
    versioned=True,
    objects=_ENTRY_PATH,
    example={"priority": 10},
    problems=("not-waiting", "impossible-wish"),
)
def change_waitlist_entry(call: Call) -> Any:
    """Changes what a patient waits for; the place in the line stays, and so does an offer that is open."""
    return call.tell("scheduling", "change_waitlist_entry", **call.path, **call.body)


@route(
    "DELETE",
    "/v1/waitlist/{entry_id}",
    scope="appointments:write",
    answer=ENTRY,
    versioned=True,
    objects=_ENTRY_PATH,
    problems=("not-waiting",),
)
def withdraw_waitlist_entry(call: Call) -> Any:
    """The patient waits no more. What was offered to him goes to the next in line."""
    return call.tell("scheduling", "withdraw_waitlist_entry", **call.path)


@route(
    "GET",
    "/v1/waitlist/offers",
    scope="appointments:read",
    query=schemas.WaitlistOfferList(),
    answer=OFFER,
    listed=True,
    objects=("query.site_id", "query.entry_id"),
)
def list_waitlist_offers(call: Call) -> Any:
    """What was offered at your sites, and what became of it."""
    return call.page_of("scheduling", "waitlist_offers", **call.query)


@route(
    "POST",
    "/v1/waitlist/offers/{offer_id}/accept",
    scope="appointments:write",
    answer=OFFER,
    versioned=True,
    objects=_OFFER_PATH,
    problems=("offer-closed", "offer-expired", "not-waiting", "appointment-overlaps", "appointment-not-booked"),
)
def accept_waitlist_offer(call: Call) -> Any:
    """The patient takes the time: it is booked, or his later visit is moved to it and that time offered in its turn."""
    return call.tell("scheduling", "accept_waitlist_offer", **call.path)


@route(
    "POST",
    "/v1/waitlist/offers/{offer_id}/decline",
    scope="appointments:write",
    answer=OFFER,
    versioned=True,
    objects=_OFFER_PATH,
    problems=("offer-closed", "offer-expired"),
)
def decline_waitlist_offer(call: Call) -> Any:
    """Not for this visit: the patient goes on waiting and is never offered that time again; the next in line is."""
    return call.tell("scheduling", "decline_waitlist_offer", **call.path)


@route(
    "GET",
    "/v1/waitlist/policy",
    scope="sites:read",
    query=schemas.WaitlistPolicyQuestion(),
    answer=POLICY,
    objects=("query.appointment_type_id",),
)
def get_waitlist_policy(call: Call) -> Any:
    """How freed times are offered: what was set for a kind of appointment, or for the network where none is named."""
    return call.ask("scheduling", "waitlist_policy", **call.query)


@route(
    "PUT",
    "/v1/waitlist/policy",
    scope="network:manage",
    body=schemas.SetWaitlistPolicy(),
    answer=POLICY,
    versioned=True,
    objects=("body.appointment_type_id",),
    example={"mode": "one-by-one", "hold_minutes": 30},
)
def set_waitlist_policy(call: Call) -> Any:
    """Offers freed times one by one, each held for its patient, or to several of whom the first has it."""
    return call.tell("scheduling", "set_waitlist_policy", **call.body)
