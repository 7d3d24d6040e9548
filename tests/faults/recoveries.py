"""How long it takes until what was broken works again, by its own /readyz; beside the bounds of what is promised."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from fault import APART, PARTITIONS, RESTARTS, Fault, Kind
from fix_system import RunningSystem
from map_of_system import BROKERS, DATABASE, GATEWAYS, PROCESSES, RELAYS, SERVES
from servers import Servers

from cli.probe import is_ready

NEVER_S = 180.0
# One process is looked at often; all of them and a server so seldom that looking does not slow them down.
_POLL_S, _POLL_ALL_S = 0.05, 0.25
# Seconds, from the end of a process, or from when a server was started again, or a partition healed.
PROCESS_S, BROKER_S, DATABASE_S, PARTITION_S, DRAIN_S = 5.0, 40.0, 10.0, 15.0, 120.0


def bound_of(fault: Fault) -> float | None:
    """What is promised of it, where something is."""
    if fault.kind is Kind.KILL:
        server = BROKER_S if fault.targets[0] in BROKERS else PROCESS_S
        return DATABASE_S if fault.targets[0] == DATABASE else server
    return PARTITION_S if fault.kind in (*PARTITIONS, *APART) else None


def is_at_once(fault: Fault) -> bool:
    """Whether recovery begins with the fault itself: what ends by itself is started again by itself."""
    return fault.kind in RESTARTS or (fault.kind is Kind.KILL and fault.targets[0] in PROCESSES)


def concerned(fault: Fault) -> tuple[str, ...]:
    """The processes that have to be ready again."""
    if fault.kind in PARTITIONS:
        return tuple({edge.partition(">")[0] for edge in fault.targets} & set(PROCESSES))
    if fault.kind in APART:
        return (*SERVES, *RELAYS)
    if fault.kind not in (Kind.KILL, Kind.PAUSE, *RESTARTS):
        return ()
    return fault.targets if fault.targets[0] in PROCESSES else (*SERVES, *GATEWAYS, *RELAYS)


def broken_servers(fault: Fault) -> tuple[str, ...]:
    """The servers that have to answer again."""
    known = fault.places & {*BROKERS, DATABASE}
    return tuple(sorted(known)) if fault.kind in (Kind.KILL, Kind.PAUSE, *APART) else ()


def takes_the_broker_away(fault: Fault) -> bool:
    """Whether nothing can be published: all of it was killed, or its majority."""
    return fault.kind is Kind.KILL and (fault.targets == ("rabbitmq",) or len(fault.targets) > 1)


@dataclass
class Happened:
    """A fault as it was carried out; seconds of the slice. `recovered_s` is None where there is nothing to measure.

    Recovered are the processes, and a server that was killed. `waited_for` is who was ready last, `server_s` when the
    servers that were broken answered again, `drained_s` when all that had waited for the broker was published,
    `stopped_s` for how long nothing was when a node had ended.
    """

    fault: Fault
    begun: float
    ended: float | None = None
    recovered_s: float | None = None
    waited_for: str = ""
    server_s: float | None = None
    drained_s: float | None = None
    stopped_s: float | None = None

    @property
    def until(self) -> float:
        """When it was over with everything that it brought about."""
        return (self.ended or self.begun) + (self.recovered_s or 0.0)


class Recoveries:
    """Watches, a thread for each, until the concerned processes have been ready once."""

    def __init__(self, system: RunningSystem, servers: Servers) -> None:
        self._system = system
        self._servers = servers
        self._threads: list[threading.Thread] = []

    def watch(self, happened: Happened, pids: Mapping[str, int | None]) -> None:
        """`pids` of the processes before: one that was to end has another when it is ready again."""
        fault, began = happened.fault, time.monotonic()
        is_back = self._is_replaced if is_at_once(fault) else self._is_ready
        processes, servers = list(concerned(fault)), list(broken_servers(fault))
        pause = _POLL_S if len(processes) == 1 else _POLL_ALL_S
        with_servers = fault.kind is Kind.KILL

        def wait() -> None:
            waiting, down, recovered = processes, servers, inf
            while (waiting or down) and time.monotonic() - began < NEVER_S:
                down = [name for name in down if not self._servers.answers(name)]
                if servers and not down and happened.server_s is None:
                    happened.server_s = round(time.monotonic() - began, 2)
                waiting = [name for name in waiting if not is_back(name, pids[name])]
                happened.waited_for = next(iter([*waiting, *down]), happened.waited_for)
                if recovered == inf and not waiting and not (down and with_servers):
                    recovered = round(time.monotonic() - began, 2)
                time.sleep(pause)
            happened.recovered_s = recovered

        if processes or servers:
            self.aside(wait)

    def aside(self, wait: Callable[[], None]) -> None:
        """Something else that the slice has to wait for."""
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
