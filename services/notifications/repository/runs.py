"""Runs of many texts."""

from collections.abc import Collection, Sequence
from operator import attrgetter
from uuid import UUID

from services.notifications.domain.runs import TextRun
from services.notifications.repository.columns import columns
from shared.database.repository import Repository


class RunRepository(Repository):
    """A run is locked last of all: after numbers, appointments, texts and patients."""

    def begin(self, runs: Sequence[TextRun]) -> None:
        """Those that are not known yet, in the order of their ids: two that begin the same ones take turns."""
        if runs:
            self.later("begin-runs", **columns(sorted(runs, key=attrgetter("run_id"))))

    def lock(self, run_id: UUID) -> TextRun | None:
        """The run, so that nothing of it is claimed until the transaction ends."""
        row = self.one("lock-run", run_id=run_id)
        return TextRun(**row) if row else None

    def stopped(self, run_ids: Collection[UUID]) -> set[UUID]:
        """Those of them that were stopped; nobody stops one of the others until the transaction ends."""
        if not run_ids:
            return set()
        return {row["run_id"] for row in self.all("hold-runs", run_ids=sorted(run_ids)) if row["stopped_at"]}

    def keep_stopped(self, run: TextRun) -> None:
        """Writes that and by whom it was stopped."""
        self.run("stop-run", run_id=run.run_id, stopped_at=run.stopped_at, stopped_by=run.stopped_by)
