"""When sites are open."""

from typing import Any

from gateway.clients import LONG_DEADLINE_S
from gateway.endpoint import Call, route
from gateway.schemas import hours as schemas

CHANGED_CLOSURE = schemas.ChangedClosure()


@route(
    "GET",
    "/v1/sites/{site_id}/opening-hours",
    scope="sites:read",
    answer=schemas.OpeningHours(),
    objects=("path.site_id",),
)
def get_opening_hours(call: Call) -> Any:
    """A site's opening hours, each week with the day from which it is in force."""
    return call.ask("scheduling", "opening_hours", **call.path)


@route(
    "PUT",
    "/v1/sites/{site_id}/opening-hours",
    scope="network:manage",
    body=schemas.SetOpeningHours(),
    answer=schemas.ChangedOpeningHours(),
    versioned=True,
    objects=("path.site_id",),
    example={
        "weeks": [
            {"from_on": None, "weekly": [{"weekday": 1, "starts": "08:00", "ends": "18:00"}]},
            {"from_on": "2027-01-01", "weekly": [{"weekday": 1, "starts": "08:00", "ends": "20:00"}]},
        ]
    },
    deadline_s=LONG_DEADLINE_S,
)
def set_opening_hours(call: Call) -> Any:
    """Replaces a site's opening hours; nobody can be booked outside them. What is booked stays."""
    return call.tell("scheduling", "set_opening_hours", **call.path, **call.body)


@route(
    "GET",
    "/v1/closures",
    scope="sites:read",
    query=schemas.ClosureList(),
    answer=schemas.Closure(),
    listed=True,
    objects=("query.site_id",),
)
def list_closures(call: Call) -> Any:
    """A site's holidays and closures that are not over."""
    return call.page_of("scheduling", "closures", **call.query)


@route(
    "POST",
    "/v1/closures",
    scope="network:manage",
    body=schemas.AddClosure(),
    answer=CHANGED_CLOSURE,
    status=201,
    objects=("body.site_id",),
    example={
        "site_id": "0193a1f0-0000-7000-8000-000000000002",
        "kind": "holiday",
        "from_on": "2027-07-04",
        "reason": "Independence Day",
    },
    deadline_s=LONG_DEADLINE_S,
)
def add_closure(call: Call) -> Any:
    """Closes a site for days or a range of instants; what is booked stays, and what it strands is told."""
    return call.tell("scheduling", "add_closure", **call.body)


@route(
    "DELETE",
    "/v1/closures/{closure_id}",
    scope="network:manage",
    answer=CHANGED_CLOSURE,
    objects=("path.closure_id",),
    deadline_s=LONG_DEADLINE_S,
)
def remove_closure(call: Call) -> Any:
    """Takes a holiday or a closure back."""
    return call.tell("scheduling", "remove_closure", **call.path)
