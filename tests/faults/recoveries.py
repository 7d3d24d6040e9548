"""How long it takes until what was broken works again, by its own /readyz; beside the bounds of what is promised."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from fix_system import RunningSystem
from map_of_system import BROKER, DATABASE, GATEWAYS, PROCESSES, RELAYS, SERVES
from plan import PARTITIONS, Fault, Kind

from cli.probe import is_ready

NEVER_S = 180.0
_POLL_S = 0.05
# Seconds, from the end of a process, or from when a server was started again, or a partition healed.
PROCESS_S, BROKER_S, DATABASE_S, PARTITION_S = 5.0, 40.0, 10.0, 15.0


def bound_of(fault: Fault) -> float | None:
    """What is promised of it, where something is."""
    if fault.kind is Kind.KILL:
        return {BROKER: BROKER_S, DATABASE: DATABASE_S}.get(fault.targets[0], PROCESS_S)
    return PARTITION_S if fault.kind in PARTITIONS else None


def is_at_once(fault: Fault) -> bool:
    """Whether recovery begins with the fault itself: what ends by itself is started again by itself."""
    return fault.kind is Kind.DRAIN or (fault.kind is Kind.KILL and fault.targets[0] in PROCESSES)


def concerned(fault: Fault) -> tuple[str, ...]:
    """The processes that have to be ready again."""
    if fault.kind in PARTITIONS:
        return tuple({edge.partition(">")[0] for edge in fault.targets} & set(PROCESSES))
    if fault.kind not in (Kind.KILL, Kind.DRAIN, Kind.PAUSE):
        return ()
    return fault.targets if fault.targets[0] in PROCESSES else (*SERVES, *GATEWAYS, *RELAYS)


@dataclass
class Happened:
    """A fault as it was carried out; seconds of the slice. `recovered_s` is None where there is nothing to measure.

    `waited_for` is the process that was ready last, `server_s` when the server that was broken answered again.
    """

    fault: Fault
    begun: float
    ended: float | None = None
    recovered_s: float | None = None
    waited_for: str = ""
    server_s: float | None = None

    @property
    def until(self) -> float:
        """When it was over with everything that it brought about."""
        return (self.ended or self.begun) + (self.recovered_s or 0.0)


class Recoveries:
    """Watches, a thread for each, until the concerned processes have been ready once."""

    def __init__(self, system: RunningSystem) -> None:
        self._system = system
        self._servers = {BROKER: system.rabbitmq, DATABASE: system.postgres}
        self._threads: list[threading.Thread] = []

    def watch(self, happened: Happened, pids: Mapping[str, int | None]) -> None:
        """`pids` of the processes before: one that was to end has another when it is ready again."""
        is_back = self._is_replaced if is_at_once(happened.fault) else self._is_ready
        names, began = concerned(happened.fault), time.monotonic()

        def wait() -> None:
            waiting = list(names)
            server = self._servers.get(happened.fault.targets[0])
            while waiting and time.monotonic() - began < NEVER_S:
                if server is not None and happened.server_s is None and server.answers():
                    happened.server_s = round(time.monotonic() - began, 2)
                waiting = [name for name in waiting if not is_back(name, pids[name])]
                happened.waited_for = waiting[0] if waiting else happened.waited_for
                time.sleep(_POLL_S)
            happened.recovered_s = inf if waiting else round(time.monotonic() - began, 2)

        if names:
            self._threads.append(threading.Thread(target=wait, daemon=True))
            self._threads[-1].start()

    @property
    def are_complete(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def _is_replaced(self, name: str, old_pid: int | None) -> bool:
        pid = self._system.pid(name)
        return pid is not None and pid != old_pid and is_ready(self._system.address(name), 1.0)

    def _is_ready(self, name: str, old_pid: int | None) -> bool:
        """One that was killed meanwhile has a recovery of its own."""
        return self._system.pid(name) != old_pid or is_ready(self._system.address(name), 1.0)
