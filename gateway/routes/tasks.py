"""What a person has to do, gathered from the services."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.errors import Problem
from gateway.schemas.sites import AtSite
from gateway.schemas.texts import Tasks

SOURCES = ("billing", "notifications")
# A service that does not answer leaves its tasks unknown; every other refusal is the answer.
_AWAY = frozenset({503, 504})


@route(
    "GET",
    "/v1/tasks",
    scope="tasks:read",
    query=AtSite(),
    answer=Tasks(),
    objects=("query.site_id",),
)
def list_tasks(call: Call) -> Any:
    """Open tasks of a site, oldest first. A source that cannot be asked is `unknown`, never taken for empty."""
    items: list[dict[str, Any]] = []
    states = []
    for source in SOURCES:
        found = _tasks_of(call, source)
        items += [{**task, "source": source} for task in found or []]
        states.append({"source": source, "state": "unknown" if found is None else "ok"})
    items.sort(key=lambda task: str(task.get("opened_at") or ""))
    return {"items": items, "sources": states}


def _tasks_of(call: Call, source: str) -> list[dict[str, Any]] | None:
    try:
        items: list[dict[str, Any]] = call.ask(source, "tasks", **call.query)["items"]
    except Problem as problem:
        if problem.status in _AWAY:
            return None
        raise
    return items
