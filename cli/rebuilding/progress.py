"""How far a rebuild is, on standard error: one line, written over, on a terminal; one every ten seconds elsewhere."""

import sys
import time

_ON_A_TERMINAL_S, _ELSEWHERE_S = 0.2, 10.0


class Progress:
    """Facts of one handler, counted as they are made into rows."""

    def __init__(self, consumer: str, total: int) -> None:
        self._consumer = consumer
        self._total = total
        self._done = 0
        self._said_at = time.monotonic()
        self._is_terminal = sys.stderr.isatty()

    def hear(self, count: int) -> None:
        self._done += count
        every = _ON_A_TERMINAL_S if self._is_terminal else _ELSEWHERE_S
        if time.monotonic() - self._said_at >= every:
            self._said_at = time.monotonic()
            print(f"{self}", end="\r" if self._is_terminal else "\n", file=sys.stderr, flush=True)

    def end(self) -> None:
        print(f"{self}", file=sys.stderr, flush=True)

    def __str__(self) -> str:
        return f"{self._consumer}: {self._done:,} of {self._total:,} facts made into rows"
