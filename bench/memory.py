"""Memory by process (PSS: shared pages count once, by shares) at rest and under load, and how long the start takes."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from bench.loading import Load, put_under
from bench.processes import Meter, memory_mb
from bench.subjects import Product
from bench.whole_system import WholeSystem

AT_REST_S = 5.0
LOOK_EVERY_S = 1.0
_LOAD = Load(32, 6.0)
_BODIES = 6000
Json = dict[str, Any]


def at_rest(pids: Mapping[str, int], started_in: Mapping[str, float]) -> Json:
    """What a system uses that nobody asks anything: memory, and CPU time in thousandths of one core."""
    time.sleep(AT_REST_S)
    meter = Meter(pids)
    time.sleep(AT_REST_S)
    used = {name: round(seconds * 1000 / AT_REST_S, 1) for name, seconds in meter.used().items()}
    held = memory_mb(pids)
    return {
        "idle_mb": round(sum(held.values()), 1),
        "idle_mb_by_process": _largest_first(held),
        "idle_cpu_per_mille": round(sum(used.values()), 1),
        "idle_cpu_per_mille_by_process": _largest_first(used),
        "start_up_s": started_in["everything"],
        "start_up_steps_s": dict(started_in),
    }


def under_load(whole: WholeSystem) -> Json:
    """The most that was seen while 32 callers booked, and while what they left behind was worked off."""
    product = Product(whole)
    target, mark, bodies = product.target(), product.mark(), whole.book.next_bodies(_BODIES)

    def work() -> None:
        product.drain(mark, put_under(_LOAD, target, bodies).count)

    held = _most_held(product.pids, work)
    return {"loaded_mb": round(sum(held.values()), 1), "loaded_mb_by_process": _largest_first(held)}


def _most_held(pids: Mapping[str, int], work: Callable[[], None]) -> dict[str, float]:
    most, done = memory_mb(pids), threading.Event()

    def look() -> None:
        nonlocal most
        while not done.wait(LOOK_EVERY_S):
            held = memory_mb(pids)
            most = max(most, held, key=lambda one: sum(one.values()))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        work()
    finally:
        done.set()
        looking.join()
    return most


def _largest_first(values: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in sorted(values.items(), key=lambda pair: -pair[1]) if value}
