"""A person has done what a task asked for."""

from services.notifications.domain.commands import CloseTask
from services.notifications.domain.errors import TaskEndsOtherwise
from services.notifications.domain.tasks import ENDS_WITH_ITS_CAUSE, Task
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.errors import NotFound


def close_task(command: CloseTask, uow: Unit, clock: Clock) -> Task:
    """Closed again it stays as it is. Raises NotFound for another site's task, TaskEndsOtherwise."""
    with uow:
        task = uow.tasks.of(command.task_id)
        if task is None:
            raise NotFound
        if task.site_id is not None:
            uow.asker.require_site(task.site_id)
        if task.reason in ENDS_WITH_ITS_CAUSE:
            raise TaskEndsOtherwise
        uow.tasks.close_by_hand(task.task_id, clock.now(), uow.asker.actor_id)
        uow.audit("close_task", "task", task.task_id, site_id=task.site_id, patient_id=task.patient_id)
        return uow.commit(task)
