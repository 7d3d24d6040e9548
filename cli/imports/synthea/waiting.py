"""Polling with a deadline: facts travel between services, so an effect is seen a little after its cause."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """How long to wait for one effect, in real seconds, and how often to look."""

    deadline_s: float = 60.0
    interval_s: float = 0.03

    def until(self, seen: Callable[[], bool]) -> bool:
        """Looks until it is seen; False when the deadline has passed."""
        end = time.monotonic() + self.deadline_s
        while not seen():
            if time.monotonic() >= end:
                return False
            time.sleep(self.interval_s)
        return True
