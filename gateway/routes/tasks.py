"""What a person has to do, gathered from the services: one list in one order, though no service knows the other's."""

from collections.abc import Mapping
from typing import Any

from gateway.endpoint import Call, Json, route
from gateway.errors import Problem
from gateway.schemas.tasks import TASK_SOURCES, Tasks, TaskSearch, TaskView
from shared.cursors import to_cursor

_DEFAULT_LIMIT = 50
# A service that does not answer leaves its tasks unknown; every other refusal is the answer.
_AWAY = frozenset({503, 504})


@route(
    "GET",
    "/v1/tasks",
    scope="tasks:read",
    query=TaskSearch(),
    answer=Tasks(),
    objects=("query.site_id",),
)
def list_tasks(call: Call) -> Any:
    """Open tasks of a site, oldest first. A source that cannot be asked is `unknown`, never taken for empty."""
    question = {"limit": _DEFAULT_LIMIT, **call.opened(call.query)}
    sources = [question.pop("source")] if "source" in question else TASK_SOURCES
    found = {source: _tasks_of(call, source, question) for source in sources}
    items, following = _merged(found, question)
    states = [{"source": source, "state": "unknown" if page is None else "ok"} for source, page in found.items()]
    return {"items": items, "next": call.sealed(following, call.query), "sources": states}


@route(
    "POST",
    "/v1/tasks/{task_id}/close",
    scope="tasks:write",
    answer=TaskView(),
    objects=("path.task_id",),
    problems=("task-ends-with-its-cause",),
)
def close_task(call: Call) -> Any:
    """Closes a task about a text or a reply: somebody has done it. Others end with their cause, as a text whose fate
    is unknown does when it is settled."""
    return {**call.tell("notifications", "close_task", **call.path), "source": "notifications"}


@route(
    "POST",
    "/v1/tasks/{task_id}/take",
    scope="tasks:write",
    answer=TaskView(),
    objects=("path.task_id",),
    problems=("task-done", "task-taken"),
)
def take_task(call: Call) -> Any:
    """Takes a task about a text or a reply: it is yours. Of two who take one at once the second gets 409 `task-taken`
    with whose it is (`taken_by`)."""
    return {**call.tell("notifications", "take_task", **call.path), "source": "notifications"}


@route(
    "POST",
    "/v1/tasks/{task_id}/give-back",
    scope="tasks:write",
    answer=TaskView(),
    objects=("path.task_id",),
    problems=("task-done",),
)
def give_back_task(call: Call) -> Any:
    """Makes a task nobody's again, also one that somebody else took and left."""
    return {**call.tell("notifications", "give_back_task", **call.path), "source": "notifications"}


def _merged(found: Mapping[str, Json | None], question: Json) -> tuple[list[Json], str | None]:
    """One page of all sources and the place where it ends. Each was asked for a whole page after the same place."""
    rows = [{**task, "source": source} for source, page in found.items() if page for task in page["items"]]
    rows.sort(key=_place, reverse=question.get("sort", "").startswith("-"))
    kept = rows[: question["limit"]]
    has_more = len(rows) > len(kept) or any(page["next"] for page in found.values() if page)
    return kept, to_cursor(*_place(kept[-1])) if has_more else None


def _place(task: Json) -> tuple[str, str]:
    """The order of the services' own lists; instants in UTC are ordered as their texts are."""
    return task["opened_at"], task["task_id"]


def _tasks_of(call: Call, source: str, question: Json) -> Json | None:
    try:
        return call.ask(source, "tasks", **question)
    except Problem as problem:
        if problem.status in _AWAY:
            return None
        raise
