"""How far a seed is: a bar on a terminal, a line every ten seconds elsewhere."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from cli.seed.site import Progress as Written
from cli.seed.size import Size

_LINE_EVERY_S = 10.0
# A patient takes about as long as a tenth of a day of a site's book with thirty visits.
_DAY, _PATIENT = 10, 1


class Told:
    """What was written so far, shown as it goes. Use it as a context manager."""

    def __init__(self, size: Size, console: Console) -> None:
        self.patients = self.visits = self.rows = 0
        self._console = console
        self._began = self._said_at = time.monotonic()
        self._bar = Progress(
            BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TimeRemainingColumn(), console=console,
            disable=not console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task("", total=size.patients * _PATIENT + size.sites * size.days * _DAY)

    def hear(self, written: Written) -> None:
        self.patients += written.patients
        self.visits += written.visits
        self.rows += written.rows
        advance = written.patients * _PATIENT + written.days * _DAY
        self._bar.update(self._task, advance=advance, description=self.line())
        if not self._console.is_terminal and time.monotonic() - self._said_at > _LINE_EVERY_S:
            self._said_at = time.monotonic()
            self.say(self.line())

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def line(self) -> str:
        """What stands in the databases by now."""
        return f"{self.patients:,} patients, {self.visits:,} appointments, {self.rows:,} rows"

    def say(self, sentence: str) -> None:
        self._console.print(f"  {self.seconds:6.0f} s  {sentence}", soft_wrap=True)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
