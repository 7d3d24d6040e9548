"""What a slice is at, told while it goes on, and how long its stages took."""

import time
from collections.abc import Callable

EVERY_S = 30.0


class Progress:
    """Begins with the slice."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self._began = self._told = time.monotonic()

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self._began, 1)

    def say(self, stage: str) -> None:
        """A stage is reached."""
        self.stages[stage] = self.seconds
        self._print(stage)

    def now_and_then(self, line: Callable[[], str]) -> None:
        """How it gets on, every half minute."""
        if time.monotonic() - self._told > EVERY_S:
            self._print(line())

    def _print(self, line: str) -> None:
        self._told = time.monotonic()
        print(f"  {self.seconds:6.1f} s  {line}", flush=True)
