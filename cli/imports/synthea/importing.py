"""One import from beginning to end: plan, network, visits, account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.imports.synthea.directory import Directory, find_known
from cli.imports.synthea.earlier import weeks_of_earlier_run
from cli.imports.synthea.network import WritingApi, steps
from cli.imports.synthea.outcomes import outcomes_of
from cli.imports.synthea.plan import ImportPlan
from cli.imports.synthea.reader import Choice, read_plan
from cli.imports.synthea.reconciliation import Reconciliation, reconcile
from cli.imports.synthea.trails import Trail
from cli.imports.synthea.visits import Desk
from cli.imports.synthea.waiting import Patience


@dataclass(kw_only=True)
class Import:
    """Takes a source through the API. Running it again sends what is missing and doubles nothing."""

    api: WritingApi
    console: Console
    patience: Patience = field(default_factory=Patience)

    def run(self, source: Path, choice: Choice | None = None) -> Reconciliation:
        """All of it. Raises SourceUnreadable, ApiUnreachable."""
        plan, directory = self._planned(source, choice or Choice())
        self.console.print(_said(plan))
        with self._progress() as progress:
            self._fill(plan, directory, progress)
            trails = self._send(plan, directory, progress)
        outcomes = outcomes_of(trails, directory.sites, self.api, self.patience)
        return reconcile(plan, directory, outcomes, self.api)

    def _planned(self, source: Path, choice: Choice) -> tuple[ImportPlan, Directory]:
        today = date.fromisoformat(self.api.get("/v1/me")["now"][:10])
        plan = read_plan(source, today, choice)
        directory = find_known(plan, self.api)
        if not choice.shifted or choice.weeks_later is not None:
            return plan, directory
        earlier = weeks_of_earlier_run(plan, directory, self.api)
        if earlier in (None, plan.weeks_later):
            return plan, directory
        return read_plan(source, today, replace(choice, weeks_later=earlier)), directory

    def _fill(self, plan: ImportPlan, directory: Directory, progress: Progress) -> None:
        todo: Sequence[Callable[[], None]] = list(steps(plan, directory, self.api))
        for step in progress.track(todo, description="map and patients"):
            step()

    def _send(self, plan: ImportPlan, directory: Directory, progress: Progress) -> list[Trail]:
        desk = Desk(api=self.api, directory=directory, patience=self.patience)
        bar = progress.add_task("visits", total=2 * len(plan.visits))  # booked, then seen
        return desk.send(plan.visits, lambda count: progress.advance(bar, count))

    def _progress(self) -> Progress:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        return Progress(*columns, console=self.console)


def _said(plan: ImportPlan) -> str:
    if not plan.visits:
        return "no visits"
    moved = f", {plan.weeks_later} weeks later" if plan.weeks_later else ""
    return f"{len(plan.visits)} visits of {plan.window.first} to {plan.window.last}{moved}"
