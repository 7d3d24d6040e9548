"""Texts to patients, and what a simulated installation's sandbox got instead of a carrier."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.errors import Problem
from gateway.schemas import texts as schemas
from shared.errors import NotFound


@route(
    "GET",
    "/v1/texts",
    scope="texts:read",
    query=schemas.TextSearch(),
    answer=schemas.TextView(),
    listed=True,
    objects=("query.site_id", "query.appointment_id"),
)
def list_texts(call: Call) -> Any:
    """Texts of a site or of one appointment: sent, due, or the reason why not; none while the booking is on its way."""
    try:
        return call.page_of("notifications", "texts", **call.query)
    except Problem as problem:
        if problem.status != 404 or "appointment_id" not in call.query:
            raise
    # Notifications hears of a booking a moment later; scheduling decides whether there is one for this caller.
    call.ask("scheduling", "appointment", appointment_id=call.query["appointment_id"])
    return {"items": [], "next": None}


@route(
    "POST",
    "/v1/texts/{text_id}/settle",
    scope="tasks:write",
    body=schemas.SettleText(),
    answer=schemas.TextView(),
    objects=("path.text_id",),
    example={"outcome": "sent"},
    problems=("text-not-unknown",),
)
def settle_text(call: Call) -> Any:
    """Says what became of a text whose fate was unknown: `sent`, `not-sent`, or `send-again`. Ends its task.

    `send-again` sends it like any due text: consent, opt-out and the visit's present state are looked at anew.
    """
    return call.tell("notifications", "settle_text", **call.path, **call.body)


@route(
    "GET",
    "/v1/sandbox/texts",
    scope="texts:read",
    query=schemas.SandboxSearch(),
    answer=schemas.SandboxText(),
    listed=True,
)
def list_sandbox_texts(call: Call) -> Any:
    """Every text as the sandbox's carrier got it, words and numbers. Simulated installations only.

    What is said back to a reply is among them: its `kind` tells, and it has a `response_id` and no `text_id`. It is
    shown to the site that texted the number last; what was said to strangers to whoever sees every site.
    """
    if not call.door.simulated:
        raise NotFound
    return call.page_of("notifications", "sandbox_texts", **call.query)
