"""Holds: a time that others see as taken while somebody decides."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import holds as schemas

HOLD = schemas.Hold()


@route(
    "POST",
    "/v1/holds",
    scope="appointments:write",
    body=schemas.HoldTime(),
    answer=HOLD,
    status=201,
    objects=("body.site_id", "body.practitioner_id", "body.appointment_type_id", "body.resource_ids"),
    example={
        "site_id": "0193a1f0-0000-7000-8000-000000000001",
        "practitioner_id": "0193a1f0-0000-7000-8000-000000000002",
        "appointment_type_id": "0193a1f0-0000-7000-8000-000000000003",
        "start_at": "2026-11-24T15:00:00Z",
        "minutes": 10,
    },
    problems=("appointment-overlaps", "resource-taken", "outside-working-hours", "notice-too-short"),
)
def hold_time(call: Call) -> Any:
    """Holds a free time with all that the visit needs; `POST /v1/appointments` with its `hold_id` books it.

    Whoever works at the site may book or release it. After its minutes it holds nothing any more.
    """
    return call.tell("scheduling", "hold_time", **call.body)


@route(
    "DELETE",
    "/v1/holds/{hold_id}",
    scope="appointments:write",
    answer=HOLD,
    objects=("path.hold_id",),
    problems=("hold-over",),
)
def release_hold(call: Call) -> Any:
    """Gives the time back at once."""
    return call.tell("scheduling", "release_hold", **call.path)
