"""Many texts for one cause, such as the reminders of a day: how far they are, and the button that stops them."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import text_runs as schemas


@route(
    "GET",
    "/v1/text-runs",
    scope="texts:read",
    query=schemas.TextRunSearch(),
    answer=schemas.TextRun(),
    listed=True,
    objects=("query.site_id",),
)
def list_text_runs(call: Call) -> Any:
    """The runs of a site, with how many of their texts are due, sent, delivered, skipped."""
    return call.page_of("notifications", "text_runs", **call.query)


@route(
    "GET",
    "/v1/text-runs/{run_id}",
    scope="texts:read",
    answer=schemas.TextRun(),
    objects=("path.run_id",),
)
def get_text_run(call: Call) -> Any:
    """How far a run is."""
    return call.ask("notifications", "text_run", **call.path)


@route(
    "POST",
    "/v1/text-runs/{run_id}/stop",
    scope="tasks:write",
    answer=schemas.StoppedRun(),
    objects=("path.run_id",),
)
def stop_text_run(call: Call) -> Any:
    """Sends nothing more of it: from the answer on, none of its texts goes to the carrier; each is skipped."""
    return call.tell("notifications", "stop_text_run", **call.path)
