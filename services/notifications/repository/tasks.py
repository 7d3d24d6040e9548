"""Tasks for people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.notifications.domain.tasks import Task
from shared.database.repository import Repository


class TaskRepository(Repository):
    """Open and done tasks of the network."""

    def open(self, task: Task) -> None:
        """Opens it; the same task opened again is one task."""
        self.run("open-task", **vars(task))

    def close(self, text_ids: Sequence[UUID], reasons: Sequence[str], now: datetime, by: str | None = None) -> None:
        """What these texts needed of a person has come about: by itself, or by that person."""
        if text_ids:
            self.run("close-tasks", text_ids=list(text_ids), reasons=list(reasons), now=now, closed_by=by)

    def of(self, task_id: UUID) -> Task | None:
        """The task, open or done."""
        row = self.one("task", task_id=task_id)
        return Task(**row) if row else None

    def close_by_hand(self, task_id: UUID, now: datetime, by: str) -> None:
        """A person has done it; a task that is done stays as it is."""
        self.run("close-task", task_id=task_id, now=now, closed_by=by)
