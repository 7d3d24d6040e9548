"""The call list: patients whom somebody has to telephone, since no text will do."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import calls as schemas
from gateway.schemas.tasks import TaskView


@route(
    "GET",
    "/v1/calls",
    scope="tasks:read",
    query=schemas.CallSearch(),
    answer=schemas.ListedCall(),
    listed=True,
    objects=("query.site_id",),
)
def list_calls(call: Call) -> Any:
    """The calls of a site, the first due first: why, by when, whose, what came of it so far. They are tasks: they are
    taken as tasks, and end by themselves with their cause.

    `state=done` gives those that are over. No numbers: those are told with one call.
    """
    return call.page_of("notifications", "calls", **call.query)


@route(
    "GET",
    "/v1/calls/{task_id}",
    scope="tasks:write",
    answer=schemas.OneCall(),
    objects=("path.task_id",),
)
def get_call(call: Call) -> Any:
    """One call with the numbers to call and what came of it so far."""
    return call.ask("notifications", "call", **call.path)


@route(
    "POST",
    "/v1/calls/{task_id}/outcomes",
    scope="tasks:write",
    body=schemas.RecordOutcome(),
    answer=TaskView(),
    objects=("path.task_id",),
    example={"outcome": "no-answer", "note": "rings, no answering machine"},
    problems=("task-ends-with-its-cause",),
)
def record_outcome(call: Call) -> Any:
    """Says what came of a call. `no-answer` leaves it open, counted and due again later; all others end it."""
    return {**call.tell("notifications", "close_task", **call.path, **call.body), "source": "notifications"}
