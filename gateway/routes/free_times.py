"""Finding time."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import free_times as schemas


@route(
    "POST",
    "/v1/free-times/search",
    scope="appointments:read",
    body=schemas.FreeTimesSearch(),
    answer=schemas.FoundTime(),
    listed=True,
    objects=("body.appointment_type_id", "body.practitioner_ids", "body.site_ids"),
    example={
        "appointment_type_id": "0193a1f0-0000-7000-8000-000000000004",
        "from_on": "2026-11-24",
        "days": 30,
        "weekdays": [1, 2, 3, 4],
        "hours": [{"starts": "08:00", "ends": "12:00"}],
        "language": "es",
        "near_zip": "10001",
        "within_miles": 25,
        "limit": 5,
    },
    problems=("unknown-zip",),
)
def search_free_times(call: Call) -> Any:
    """Finds times that are free for all that an appointment type needs, the earliest first; `next` is the next after.

    A patient's ZIP code would not belong into an address, so this is asked with a body; it changes nothing.
    """
    return call.page_of("scheduling", "search_free_times", **call.body)
