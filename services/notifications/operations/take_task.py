"""Whose a task is: of two who take one at the same moment one gets it, and the other is told who."""

from uuid import UUID

from services.notifications.domain.calls import give_back, take
from services.notifications.domain.commands import GiveBackTask, TakeTask
from services.notifications.domain.tasks import Task
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.errors import NotFound


def take_task(command: TakeTask, uow: Unit, clock: Clock) -> Task:
    """Raises NotFound for another site's task, TaskDone, TaskTaken."""
    with uow:
        task = take(locked(command.task_id, uow), uow.asker.actor_id, clock.now())
        return _kept(task, uow)


def give_back_task(command: GiveBackTask, uow: Unit, clock: Clock) -> Task:
    """Also another's: whoever took it may have gone home. Raises NotFound for another site's task, TaskDone."""
    with uow:
        return _kept(give_back(locked(command.task_id, uow)), uow)


def locked(task_id: UUID, uow: Unit) -> Task:
    """The task, locked. Raises NotFound, also for another site's."""
    task = uow.tasks.lock(task_id)
    if task is None:
        raise NotFound
    if task.site_id is not None:
        uow.asker.require_site(task.site_id)
    return task


def _kept(task: Task, uow: Unit) -> Task:
    uow.tasks.change(task)
    uow.audit(uow.action, "task", task.task_id, site_id=task.site_id, patient_id=task.patient_id)
    return uow.commit(task)
