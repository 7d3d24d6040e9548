"""How a caller is measured, whatever it calls with: warmed up, told to begin, and counted from there."""

import json
import resource
import sys
import time
from collections.abc import Callable

CALLERS = 16
WARM_UP = 200
WARM = "warm"


def measured(ask: Callable[[int], None], calls: int) -> None:
    """`ask(number)` makes that many calls, CALLERS at once. Prints WARM, waits for a line, then prints the cost."""
    ask(WARM_UP)
    print(WARM, flush=True)
    sys.stdin.readline()
    before, began = _cpu_s(), time.monotonic()
    ask(calls)
    print(json.dumps({"cpu_s": _cpu_s() - before, "seconds": time.monotonic() - began}), flush=True)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
