"""The crash points: every place at which a process may end or err (shared/failpoints), with every way to do so.

A lane is one process and the cases that it has to live through, one after the other; lanes go side by side.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cli.probe import is_ready

SERVICES = ("scheduling", "records", "billing", "notifications")
ACTIONS = ("kill", "raise", "stall", "reset")
HITS = (1, 2)
COMMANDS = ("uow.before-key", "uow.after-key", "uow.before-commit", "uow.after-commit")
HANDLERS = (
    "handler.after-deliver",
    "handler.after-inbox",
    "handler.before-commit",
    "handler.after-commit",
    "handler.after-ack",
    "handler.after-park",
)
RELAY = ("relay.after-select", "relay.after-publish", "relay.after-confirm", "relay.after-stamp")
SENDER = ("text.after-claim", "text.after-request", "text.after-response", "uow.before-commit", "uow.after-commit")
# Only these two services are given commands all the time; billing and notifications are told of events.
COMMANDED = ("scheduling", "records")
PATIENCE_S = 60.0


class Case(NamedTuple):
    """One way to break one process."""

    place: str
    hit: int
    action: str

    def __str__(self) -> str:
        return f"{self.place}:{self.hit}:{self.action}"


def cases_of(places: Iterable[str]) -> list[Case]:
    """Each place, first and second hit, in every way."""
    return [Case(*one) for one in itertools.product(places, HITS, ACTIONS)]


def every_case() -> dict[str, list[Case]]:
    """The whole matrix: each process with each place that it passes."""
    served = {name: cases_of([*(COMMANDS if name in COMMANDED else ()), *HANDLERS]) for name in SERVICES}
    return {**served, "relay": cases_of(RELAY), "notifications-work": cases_of(SENDER)}


def each_case_once() -> dict[str, list[Case]]:
    """Each case at one of the services that can have it, by turns; the short form."""
    lanes: dict[str, list[Case]] = {name: [] for name in SERVICES}
    for turn, case in enumerate(cases_of(COMMANDS)):
        lanes[COMMANDED[turn % len(COMMANDED)]].append(case)
    for turn, case in enumerate(cases_of(HANDLERS)):
        lanes[SERVICES[(turn + turn // len(SERVICES)) % len(SERVICES)]].append(case)
    return {**lanes, "relay": cases_of(RELAY), "notifications-work": cases_of(SENDER)}


@dataclass
class Lane:
    """A process's cases. `before` runs when a case is planned: what brings the process to that place."""

    process: str
    cases: list[Case]
    file: Path
    address: str
    before: Callable[[str, Case], None]
    met: list[Case] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Plans a case, waits until it has happened and the process is ready again, and goes on."""
        for case in self.cases:
            self.file.write_text(str(case), "utf-8")
            self.before(self.process, case)
            if not self._within(lambda: not self.file.exists()):
                self.faults.append(f"{self.process} never came to {case}")
                self.file.unlink(missing_ok=True)
                continue
            self.met.append(case)
            if not self._within(lambda: is_ready(self.address, 1.0)):
                self.faults.append(f"{self.process} was not ready again after {case}")

    def _within(self, true: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + PATIENCE_S
        while not true():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


def run_lanes(lanes: Mapping[str, Lane], meanwhile: Callable[[], object]) -> None:
    """All lanes at once; `meanwhile` is called again and again from the thread of the caller."""
    threads = [threading.Thread(target=lane.run, name=name, daemon=True) for name, lane in lanes.items()]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        meanwhile()
        time.sleep(0.05)
