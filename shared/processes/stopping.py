"""SIGTERM and SIGINT: the first asks the process to drain, the second ends it at once."""

import os
import signal
from collections.abc import Callable
from types import FrameType

from shared.health import health

SECONDS_TO_DRAIN = 30
# The main thread never waits longer than this without running the handlers of signals that came meanwhile.
LOOK_UP_SECONDS = 0.2


def on_stop(drain: Callable[[], None]) -> None:
    """Calls `drain` (quick, safe inside a signal handler) at the first signal; /readyz fails from then on."""

    def asked(number: int, _frame: FrameType | None) -> None:
        if health.draining:
            os._exit(128 + number)
        health.drain()
        drain()

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)
