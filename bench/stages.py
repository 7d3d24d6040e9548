"""One benchmark after the other. One that fails leaves its reason, and the others go on."""

import sys
import time
import traceback
from collections.abc import Callable, Collection, Iterator
from typing import Any

from bench import booking, call, day_sheet, events, memory, pgbench, search, sick_day, texting
from bench.whole_system import fresh_system, furnished

Json = dict[str, Any]


class Stages:
    """The benchmarks of these names; `failures` has the reason of each that failed."""

    def __init__(self, names: Collection[str], *, quick: bool) -> None:
        self._names = names
        self._quick = quick
        self._found: dict[str, Json] = {}
        self.failures: dict[str, str] = {}

    def __iter__(self) -> Iterator[dict[str, Json]]:
        """All that is found so far, after each of them. Whatever needs the whole system shares one."""
        if set(self._names) - {"call"}:
            yield from self._on_a_system()
        yield self._run("call", lambda: call.measure(call.QUICK if self._quick else call.FULL))

    def _on_a_system(self) -> Iterator[dict[str, Json]]:
        plan, several = (booking.QUICK, events.QUICK) if self._quick else (booking.FULL, events.FULL)
        started_in: dict[str, float] = {}
        with fresh_system(started_in) as system:
            whole = furnished(system, started_in)
            yield self._run("memory", lambda: memory.at_rest(whole.pids, started_in))
            yield self._run("booking", lambda: booking.measure(whole, plan))
            yield self._run("booking", lambda: {"same_sql_in_pgbench": pgbench.measure(whole, plan.seconds)})
            if not self._quick:
                yield self._run("memory", lambda: memory.under_load(whole))
            yield self._run("sick_day", lambda: sick_day.measure(whole))
            yield self._run("events", lambda: events.measure(whole, several))
            bulks = texting.QUICK if self._quick else texting.FULL
            yield self._run("texting", lambda: texting.measure(whole, bulks))
            sheets = day_sheet.QUICK if self._quick else day_sheet.FULL
            yield self._run("day_sheet", lambda: day_sheet.measure(whole, sheets))
            books = search.QUICK if self._quick else search.FULL
            yield self._run("search", lambda: search.measure(whole, books))

    def _run(self, name: str, measure: Callable[[], Json]) -> dict[str, Json]:
        if name not in self._names:
            return self._found
        began = time.monotonic()
        try:
            self._found[name] = {**self._found.get(name, {}), **measure()}
        except Exception as error:
            traceback.print_exc()
            self.failures[name] = f"failed: {error}"
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        return self._found
