"""What came of a call, and whose a task is."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.notifications.domain.errors import TaskDone, TaskEndsOtherwise, TaskTaken
from services.notifications.domain.tasks import ENDS_WITH_ITS_CAUSE, Task

NO_ANSWER = "no-answer"
# What came of it. Nobody there: it is to be tried again. All others end it.
OUTCOMES = (
    "reached",
    "left-message",
    NO_ANSWER,
    "wrong-number",
    "rebooked",
    "declined",
    "not-needed",
)
LONGEST_NOTE = 500

# After the first try, the second, and all further ones.
_AGAIN_AFTER = (timedelta(hours=2), timedelta(hours=4), timedelta(days=1))


def with_outcome(task: Task, outcome: str | None, now: datetime) -> Task:
    """What the task is after that outcome (None: nobody says which); a task that is done stays as it is.

    Raises TaskEndsOtherwise for one that ends with its cause alone.
    """
    if task.reason in ENDS_WITH_ITS_CAUSE:
        raise TaskEndsOtherwise
    if task.done_at is not None:
        return task
    if outcome == NO_ANSWER:
        return replace(task, outcome=outcome, tries=task.tries + 1, due_at=_again_by(task, now))
    return replace(task, outcome=outcome, done_at=now)


def take(task: Task, by: str, now: datetime) -> Task:
    """The task as that account's; its own stays as it is. Raises TaskDone, TaskTaken with whose it is."""
    _require_open(task)
    if task.taken_by == by:
        return task
    if task.taken_by is not None:
        raise TaskTaken({"taken_by": task.taken_by})
    return replace(task, taken_by=by, taken_at=now)


def give_back(task: Task) -> Task:
    """The task as nobody's. Raises TaskDone."""
    _require_open(task)
    return replace(task, taken_by=None, taken_at=None)


def _again_by(task: Task, now: datetime) -> datetime:
    """Later with each try; before the visit, as long as it has not begun."""
    again = now + _AGAIN_AFTER[min(task.tries, len(_AGAIN_AFTER) - 1)]
    if task.start_at is None or task.start_at <= now:
        return again
    return min(again, now + (task.start_at - now) / 2)


def _require_open(task: Task) -> None:
    if task.done_at is not None:
        raise TaskDone
