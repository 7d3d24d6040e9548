"""When practitioners work, what deviates from it, and which appointments a change strands."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import hours as schemas

HOURS = schemas.WorkingHours()
CHANGED = schemas.ChangedWorkingHours()
EXCEPTION = schemas.WorkingException()
CHANGED_EXCEPTION = schemas.ChangedWorkingException()


@route(
    "GET",
    "/v1/working-hours",
    scope="sites:read",
    query=schemas.WorkingHoursQuestion(),
    answer=HOURS,
    objects=("query.site_id", "query.practitioner_id"),
)
def get_working_hours(call: Call) -> Any:
    """When a practitioner works at a site, on the site's own clock."""
    return call.ask("scheduling", "working_hours", **call.query)


@route(
    "PUT",
    "/v1/working-hours",
    scope="network:manage",
    body=schemas.SetWorkingHours(),
    answer=CHANGED,
    versioned=True,
    objects=("body.site_id", "body.practitioner_id"),
    example={
        "practitioner_id": "0193a1f0-0000-7000-8000-000000000002",
        "site_id": "0193a1f0-0000-7000-8000-000000000001",
        "lanes": 1,
        "weekly": [{"weekday": 1, "starts": "09:00", "ends": "17:00"}],
    },
)
def set_working_hours(call: Call) -> Any:
    """Replaces a practitioner's hours at a site, from a day on where one is given; what is booked stays."""
    return call.tell("scheduling", "set_working_hours", **call.body)


@route(
    "PUT",
    "/v1/practitioners/{practitioner_id}/sites/{site_id}",
    scope="network:manage",
    body=schemas.SetStays(),
    answer=CHANGED,
    versioned=True,
    objects=("path.practitioner_id", "path.site_id"),
    example={"stays": [{"from_on": "2027-01-01", "until_on": "2027-06-30"}]},
)
def set_stays(call: Call) -> Any:
    """On which days a practitioner works at a site at all; with none given, whenever the hours say so."""
    return call.tell("scheduling", "set_stays", **call.path, **call.body)


@route(
    "GET",
    "/v1/working-exceptions",
    scope="sites:read",
    query=schemas.WorkingExceptionList(),
    answer=EXCEPTION,
    listed=True,
    objects=("query.site_id", "query.resource_id"),
)
def list_working_exceptions(call: Call) -> Any:
    """Extra time, leave and blocked time at a site that is not over."""
    return call.page_of("scheduling", "working_exceptions", **call.query)


@route(
    "POST",
    "/v1/working-exceptions",
    scope="network:manage",
    body=schemas.AddWorkingException(),
    answer=CHANGED_EXCEPTION,
    status=201,
    objects=("body.practitioner_id", "body.site_id"),
    example={
        "practitioner_id": "0193a1f0-0000-7000-8000-000000000003",
        "site_id": "0193a1f0-0000-7000-8000-000000000002",
        "kind": "leave",
        "from_on": "2027-07-05",
        "until_on": "2027-07-09",
    },
)
def add_working_exception(call: Call) -> Any:
    """Extra time, leave or blocked time of a practitioner; what is booked stays, and what it strands is told."""
    return call.tell("scheduling", "add_working_exception", **call.body)


@route(
    "POST",
    "/v1/resources/{resource_id}/blocked-times",
    scope="network:manage",
    body=schemas.BlockResource(),
    answer=CHANGED_EXCEPTION,
    status=201,
    objects=("path.resource_id",),
    example={"start_at": "2027-07-05T13:00:00Z", "end_at": "2027-07-05T17:00:00Z", "reason": "maintenance"},
)
def block_resource(call: Call) -> Any:
    """Blocks a room or a device; what is booked stays, and what it strands is told."""
    return call.tell("scheduling", "add_working_exception", **call.path, kind="blocked", **call.body)


@route(
    "DELETE",
    "/v1/working-exceptions/{exception_id}",
    scope="network:manage",
    answer=CHANGED_EXCEPTION,
    objects=("path.exception_id",),
)
def remove_working_exception(call: Call) -> Any:
    """Takes extra time, leave or blocked time back."""
    return call.tell("scheduling", "remove_working_exception", **call.path)


@route(
    "GET",
    "/v1/stranded-appointments",
    scope="appointments:read",
    query=schemas.StrandedList(),
    answer=schemas.StrandedAppointment(),
    listed=True,
    objects=("query.site_id",),
)
def list_stranded_appointments(call: Call) -> Any:
    """A site's booked appointments that no longer lie in working time, by their start."""
    return call.page_of("scheduling", "stranded_appointments", **call.query)
