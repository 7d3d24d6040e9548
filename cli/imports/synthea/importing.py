"""One import from beginning to end: plan, network, visits, account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.imports.synthea.directory import Directory, find_known
from cli.imports.synthea.earlier import weeks_of_earlier_run
from cli.imports.synthea.network import WritingApi, steps
from cli.imports.synthea.outcomes import outcomes_of
from cli.imports.synthea.plan import ImportPlan, Window
from cli.imports.synthea.reader import read_plan
from cli.imports.synthea.reconciliation import Reconciliation, reconcile
from cli.imports.synthea.visits import Desk, Trail
from cli.imports.synthea.waiting import Patience


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for: the source, its window, how far to move it where that is not to be found out."""

    source: Path
    window: Window | None = None
    weeks: int = 52
    weeks_later: int | None = None

    def plan(self, today: date, weeks_later: int | None = None) -> ImportPlan:
        """The plan as of `today`."""
        later = self.weeks_later if weeks_later is None else weeks_later
        return read_plan(self.source, today, window=self.window, weeks=self.weeks, weeks_later=later)


@dataclass(kw_only=True)
class Import:
    """Runs a wish through the API. Running it again sends what is missing and doubles nothing."""

    api: WritingApi
    console: Console
    patience: Patience = field(default_factory=Patience)

    def run(self, wish: Wish) -> Reconciliation:
        """All of it. Raises SourceUnreadable, ApiUnreachable."""
        plan, directory = self._planned(wish)
        self.console.print(
            f"{len(plan.visits)} visits of {plan.window.first} to {plan.window.last}, {plan.weeks_later} weeks later"
        )
        with self._progress() as progress:
            self._fill(plan, directory, progress)
            trails = self._send(plan, directory, progress)
        outcomes = outcomes_of(trails, self.api, self.patience)
        return reconcile(plan, directory, outcomes, self.api)

    def _planned(self, wish: Wish) -> tuple[ImportPlan, Directory]:
        today = date.fromisoformat(self.api.get("/v1/me")["now"][:10])
        plan = wish.plan(today)
        directory = find_known(plan, self.api)
        earlier = weeks_of_earlier_run(plan, directory, self.api) if wish.weeks_later is None else None
        return (plan if earlier in (None, plan.weeks_later) else wish.plan(today, earlier)), directory

    def _fill(self, plan: ImportPlan, directory: Directory, progress: Progress) -> None:
        todo: Sequence[Callable[[], None]] = list(steps(plan, directory, self.api))
        for step in progress.track(todo, description="map and patients"):
            step()

    def _send(self, plan: ImportPlan, directory: Directory, progress: Progress) -> list[Trail]:
        zones = {site.source_id: ZoneInfo(site.zone) for site in plan.sites}
        desk = Desk(api=self.api, directory=directory, zones=zones, patience=self.patience)
        bar = progress.add_task("visits", total=len(plan.visits))
        return desk.send(plan.visits, lambda _: progress.advance(bar))

    def _progress(self) -> Progress:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        return Progress(*columns, console=self.console)
