"""A person has done what a task asked for, or has tried to."""

from services.notifications.domain.calls import with_outcome
from services.notifications.domain.commands import CloseTask
from services.notifications.domain.tasks import Task
from services.notifications.operations.ports import Unit
from services.notifications.operations.take_task import locked
from shared.clock import Clock


def close_task(command: CloseTask, uow: Unit, clock: Clock) -> Task:
    """Closed again it stays as it is; nobody who answered leaves it open, due later.

    Raises NotFound for another site's task, TaskEndsOtherwise.
    """
    with uow:
        known = locked(command.task_id, uow)
        task = with_outcome(known, command.outcome, clock.now())
        if task != known:
            uow.tasks.change(task, uow.asker.actor_id if task.done_at else None)
        # Also of one that ended meanwhile: what was heard on the telephone is kept.
        if command.outcome is not None:
            uow.tasks.keep_outcome(task.task_id, command.outcome, command.note, clock.now(), uow.asker.actor_id)
        ids = {"site_id": task.site_id, "patient_id": task.patient_id}
        uow.audit("close_task", "task", task.task_id, detail={"outcome": command.outcome}, **ids)
        return uow.commit(task)
