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

    def close(self, text_ids: Sequence[UUID], reasons: Sequence[str], now: datetime) -> None:
        """What these texts needed of a person has come about by itself."""
        if text_ids:
            self.run("close-tasks", text_ids=list(text_ids), reasons=list(reasons), now=now)
