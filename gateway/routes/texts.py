"""Texts to patients, and what a simulated installation's sandbox got instead of a carrier."""

from typing import Any

from gateway.endpoint import Call, route
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
    """Texts of a site or of one appointment: sent, due, or the reason why not."""
    return call.page_of("notifications", "texts", **call.query)


@route(
    "GET",
    "/v1/sandbox/texts",
    scope="texts:read",
    query=schemas.SandboxSearch(),
    answer=schemas.SandboxText(),
    listed=True,
)
def list_sandbox_texts(call: Call) -> Any:
    """Every text as the sandbox's carrier got it, words and numbers. Simulated installations only."""
    if not call.door.simulated:
        raise NotFound
    return call.page_of("notifications", "sandbox_texts", **call.query)
