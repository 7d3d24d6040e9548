"""Tasks for people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.notifications.domain.occasions import OF_A_BOOKED
from services.notifications.domain.tasks import NEVER, REASONS, WITH_THE_VISIT, Task
from shared.database.repository import Repository
from shared.ids import new_id

_ENDS = {
    "with_its_status": [name for name, reason in REASONS.items() if reason.ends != NEVER],
    "with_the_visit": [name for name, reason in REASONS.items() if reason.ends == WITH_THE_VISIT],
    "untold": [name for name, reason in REASONS.items() if reason.untold],
    "of_a_booked": list(OF_A_BOOKED),
}


class TaskRepository(Repository):
    """Open and done tasks of the network."""

    def open(self, task: Task) -> None:
        """Opens it; the same task opened again is one task, and so are two that say the same of one visit."""
        self.run("open-task", **vars(task), due_by=task.due_by, untold=_ENDS["untold"])

    def close(self, text_ids: Sequence[UUID], reasons: Sequence[str], now: datetime, by: str | None = None) -> None:
        """What these texts needed of a person has come about: by itself, or by that person."""
        if text_ids:
            self.run("close-tasks", text_ids=list(text_ids), reasons=list(reasons), now=now, closed_by=by)

    def end_of(self, appointment_ids: Sequence[UUID], now: datetime) -> None:
        """Ends what has no cause any more, now that something has become of these visits or their texts."""
        if appointment_ids:
            self.later("end-tasks-of", appointment_ids=list(appointment_ids), now=now, **_ENDS)

    def end(self, now: datetime) -> None:
        """The same of all."""
        self.run("end-tasks", now=now, **_ENDS)
        self.run("end-tasks-of-numbers", now=now)

    def lock(self, task_id: UUID) -> Task | None:
        """The task, open or done, locked."""
        row = self.one("lock-task", task_id=task_id)
        return Task(**row) if row else None

    def change(self, task: Task, closed_by: str | None = None) -> None:
        """Writes what the task has become."""
        self.run("change-task", **vars(task), closed_by=closed_by)

    def keep_outcome(self, task_id: UUID, outcome: str, note: str | None, now: datetime, by: str) -> None:
        """What came of it this time, beside all that came of it before."""
        said = {"task_id": task_id, "outcome": outcome, "note": note, "said_at": now, "said_by": by}
        self.run("add-outcome", outcome_id=new_id(), **said)
