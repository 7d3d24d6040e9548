"""Rooms and devices."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import resources as schemas

RESOURCE = schemas.Resource()


@route(
    "GET",
    "/v1/resources",
    scope="sites:read",
    query=schemas.ResourceList(),
    answer=RESOURCE,
    listed=True,
    objects=("query.site_id",),
)
def list_resources(call: Call) -> Any:
    """A site's rooms and devices."""
    return call.page_of("scheduling", "resources", **call.query)


@route(
    "POST",
    "/v1/resources",
    scope="network:manage",
    body=schemas.AddResource(),
    answer=RESOURCE,
    status=201,
    objects=("body.site_id",),
    example={
        "site_id": "0193a1f0-0000-7000-8000-000000000002",
        "kind": "room",
        "type": "exam room",
        "name": "Exam 1",
        "capacity": 1,
    },
)
def add_resource(call: Call) -> Any:
    """Adds a room or a device to a site."""
    return call.tell("scheduling", "add_resource", **call.body)


@route(
    "PATCH",
    "/v1/resources/{resource_id}",
    scope="network:manage",
    body=schemas.ChangeResource(),
    answer=RESOURCE,
    versioned=True,
    objects=("path.resource_id",),
    example={"name": "Exam 1 (upstairs)"},
)
def change_resource(call: Call) -> Any:
    """Changes a room or a device; what is booked stays. One that is not active cannot be booked."""
    return call.tell("scheduling", "change_resource", **call.path, **call.body)
