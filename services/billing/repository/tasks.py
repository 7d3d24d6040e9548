"""Tasks for people."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.billing.domain.tasks import Task
from shared.database.repository import Repository


class TaskRepository(Repository):
    """Open and done tasks of the network."""

    def open(self, tasks: Sequence[Task]) -> None:
        """Opens them; the same task opened again is one task."""
        self.many("open-tasks", [tuple(vars(task).values()) for task in tasks])

    def close(self, task_ids: Collection[UUID]) -> None:
        """Their causes are gone."""
        self.run("close-tasks", task_ids=list(task_ids), now=self._uow.clock.now())
