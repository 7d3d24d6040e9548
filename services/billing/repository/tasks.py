"""Tasks for people."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.billing.domain.tasks import Task
from shared.database.unit_of_work import UnitOfWork


class TaskRepository:
    """Open and done tasks of the network."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def open(self, tasks: Sequence[Task]) -> None:
        """Opens them; the same task opened again is one task."""
        network_id = self._uow.network_id
        rows = [(network_id, *vars(task).values()) for task in tasks]
        self._uow.sql.many("open-tasks", rows)

    def close(self, task_ids: Collection[UUID]) -> None:
        """Their causes are gone."""
        self._uow.sql.run("close-tasks", task_ids=list(task_ids), now=self._uow.clock.now())
