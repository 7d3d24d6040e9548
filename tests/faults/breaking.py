"""Carrying a plan's faults out on a running system, one after the other, from the thread that started its processes."""

import signal
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import psutil
from fix_system import RunningSystem
from map_of_system import BROKER, DATABASE
from plan import HOUR_S, Fault, Kind
from poison import Poison
from proxied import Proxy
from proxy import Mode

from shared.clock import BusinessClock, set_clock

_MODES = {
    Kind.DELAY: Mode.DELAY,
    Kind.RESET: Mode.RESET,
    Kind.HALF_OPEN: Mode.SILENT,
    Kind.LOST_ANSWER: Mode.CUT,
    Kind.PARTITION_REFUSED: Mode.REFUSE,
    Kind.PARTITION_SILENT: Mode.SILENT,
}
_START_AGAIN_S = 0.5


class Breaking:
    """`begin` and `end` a fault; `look_after` in between, often: it starts again what has ended."""

    def __init__(self, system: RunningSystem, proxy: Proxy, poison: Poison) -> None:
        self._system = system
        self._proxy = proxy
        self._poison = poison
        self._servers = {BROKER: system.rabbitmq, DATABASE: system.postgres}
        self._away: set[str] = set()
        self._started_at = dict.fromkeys(self._servers, 0.0)
        self._broken: list[Fault] = []
        self._controls = ThreadPoolExecutor(1)
        self._controlled: list[Future[None]] = []
        self._paused: dict[Fault, list[psutil.Process]] = {}
        self._begin: dict[Kind, Callable[[Fault], None]] = {
            Kind.KILL: self._kill,
            Kind.DRAIN: self._drain,
            Kind.PAUSE: self._pause,
            Kind.MEMORY_ALARM: lambda _: self._control("set_vm_memory_high_watermark", "0"),
            Kind.DISK_ALARM: lambda _: self._control("set_disk_free_limit", "1000000GB"),
            Kind.CLOCK: lambda fault: self._move_clock(fault.amount),
            Kind.POISON: lambda fault: self._poison.give(fault.targets[0]),
            **dict.fromkeys(_MODES, self._break_wire),
        }
        self._end: dict[Kind, Callable[[Fault], None]] = {
            Kind.KILL: self._bring_back,
            Kind.PAUSE: self._resume,
            Kind.MEMORY_ALARM: lambda _: self._control("set_vm_memory_high_watermark", "0.4"),
            Kind.DISK_ALARM: lambda _: self._control("set_disk_free_limit", "200MB"),
            Kind.CLOCK: lambda fault: self._move_clock(-fault.amount),
            **dict.fromkeys(_MODES, self._mend_wire),
        }

    def begin(self, fault: Fault) -> None:
        self._begin[fault.kind](fault)

    def end(self, fault: Fault) -> None:
        if fault.kind in self._end:
            self._end[fault.kind](fault)

    def is_up(self, server: str) -> bool:
        """Whether the broker or PostgreSQL is there, and answers."""
        return server not in self._away and self._servers[server].answers()

    def close(self) -> None:
        """After the last fault. What became due while the clock was an hour ahead is due then, and no sooner."""
        for controlled in self._controlled:
            controlled.result()
        self._move_clock(HOUR_S)

    def look_after(self) -> None:
        """Starts again what has ended by itself, as `frontdesk run` does, and servers that are not meant to be away."""
        self._system.look_after()
        for name, server in self._servers.items():
            # A PostgreSQL that was killed starts only when the last of its old processes has gone.
            if (
                name not in self._away
                and server.pid is None
                and time.monotonic() - self._started_at[name] > _START_AGAIN_S
            ):
                self._started_at[name] = time.monotonic()
                server.start()

    def _kill(self, fault: Fault) -> None:
        (name,) = fault.targets
        if name in self._servers:
            self._away.add(name)
            self._servers[name].stop(signal.SIGKILL)
        else:
            self._signal(name, psutil.Process.kill)

    def _bring_back(self, fault: Fault) -> None:
        self._away.discard(fault.targets[0])
        self.look_after()

    def _drain(self, fault: Fault) -> None:
        self._signal(fault.targets[0], psutil.Process.terminate)

    def _signal(self, name: str, how: Callable[[psutil.Process], None]) -> None:
        if (pid := self._system.pid(name)) is not None:
            _if_there(lambda: how(psutil.Process(pid)))

    def _pause(self, fault: Fault) -> None:
        """A server with all its processes."""
        (name,) = fault.targets
        pid = self._servers[name].pid if name in self._servers else self._system.pid(name)
        if pid is None:
            return
        head = psutil.Process(pid)
        self._paused[fault] = [head, *(head.children(recursive=True) if name in self._servers else ())]
        for process in self._paused[fault]:
            _if_there(process.suspend)

    def _resume(self, fault: Fault) -> None:
        for process in self._paused.pop(fault, []):
            _if_there(process.resume)

    def _control(self, *arguments: str) -> None:
        """In their order, and not in the way of what is to be started again meanwhile: rabbitmqctl takes seconds."""
        self._controlled.append(self._controls.submit(self._servers[BROKER].control, *arguments))

    def _move_clock(self, seconds: float) -> None:
        """What is under way gets a new offset, and the old one back later: real time goes on meanwhile."""
        file = self._system.environment["FRONTDESK_CLOCK_FILE"]
        set_clock(Path(file), BusinessClock(file).now() + timedelta(seconds=seconds))

    def _break_wire(self, fault: Fault) -> None:
        self._broken.append(fault)
        self._proxy.turn(fault.targets, _MODES[fault.kind], fault.amount)

    def _mend_wire(self, fault: Fault) -> None:
        """Where another fault lasts on an edge, the edge is that one's again."""
        self._broken.remove(fault)
        self._proxy.turn(fault.targets, Mode.PASS)
        for other in self._broken:
            if shared := set(other.targets) & set(fault.targets):
                self._proxy.turn(shared, _MODES[other.kind], other.amount)


def _if_there(act: Callable[[], None]) -> None:
    try:
        act()
    except psutil.NoSuchProcess:
        return
