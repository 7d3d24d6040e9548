"""Carrying a plan's faults out on a running system, one after the other, from the thread that started its processes."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psutil
from fault import APART, MIGRATIONS, RESTARTS, Fault, Kind
from fix_system import RunningSystem
from map_of_system import DATABASE
from plan import HOUR_S
from poison import Poison
from proxied import Proxy
from proxy import Mode
from releases import Releases
from servers import Broker, Servers
from weather import Weather

from cli.servers.process import ServerFailed
from shared.clock import BusinessClock, set_clock

_MODES = {
    Kind.DELAY: Mode.DELAY,
    Kind.RESET: Mode.RESET,
    Kind.HALF_OPEN: Mode.SILENT,
    Kind.LOST_ANSWER: Mode.CUT,
    Kind.PARTITION_REFUSED: Mode.REFUSE,
    Kind.PARTITION_SILENT: Mode.SILENT,
}
_TRIES, _PAUSE_S = 6, 3.0
_ALARMS = {
    Kind.MEMORY_ALARM: ("set_vm_memory_high_watermark", "0", "0.4"),
    Kind.DISK_ALARM: ("set_disk_free_limit", "1000000GB", "200MB"),
}


class Breaking:
    """`begin` and `end` a fault; `look_after` in between, often: it starts again what has ended."""

    def __init__(self, system: RunningSystem, broker: Broker, proxy: Proxy, poison: Poison, weather: Weather) -> None:
        self.servers = Servers(broker.nodes | {DATABASE: system.postgres}, broker.is_whole)
        self.releases = Releases(system)
        self.kills = 0
        self.not_done: list[str] = []
        self._system = system
        self._broker = broker
        self._proxy = proxy
        self._broken: list[Fault] = []
        self._aside = {kind: ThreadPoolExecutor(1) for kind in ("poison", "control", "schema")}
        self._begun: list[Future[None]] = []
        self._paused: dict[Fault, list[psutil.Process]] = {}
        self._begin: dict[Kind, Callable[[Fault], None]] = {
            Kind.KILL: self._kill,
            **dict.fromkeys(RESTARTS, self._restart),
            **dict.fromkeys(MIGRATIONS, lambda fault: self._later("schema", self.releases.migrate, fault)),
            Kind.PAUSE: self._pause,
            Kind.CLOCK: lambda fault: self._move_clock(fault.amount),
            Kind.POISON: lambda fault: self._later("poison", poison.give, fault.targets[0]),
            **dict.fromkeys(_ALARMS, lambda fault: self._control(fault, *_ALARMS[fault.kind][:2])),
            **dict.fromkeys(APART, lambda fault: broker.cut(fault.targets)),
            **dict.fromkeys(_MODES, self._break_wire),
            Kind.WEATHER: lambda fault: weather.turn(fault.amount),
        }
        self._end: dict[Kind, Callable[[Fault], None]] = {
            Kind.KILL: self._bring_back,
            Kind.PAUSE: self._resume,
            Kind.CLOCK: lambda fault: self._move_clock(-fault.amount),
            **dict.fromkeys(_ALARMS, lambda fault: self._control(fault, *_ALARMS[fault.kind][::2])),
            **dict.fromkeys(APART, lambda fault: broker.mend(fault.targets)),
            **dict.fromkeys(_MODES, self._mend_wire),
            Kind.WEATHER: lambda _: weather.turn(0.0),
        }

    def may(self, fault: Fault) -> bool:
        """Whether its time has come as far as releases go."""
        return self.releases.may(fault)

    def begin(self, fault: Fault) -> None:
        self.servers.changed(fault.places)
        self._do(self._begin[fault.kind], fault)

    def end(self, fault: Fault) -> None:
        if fault.kind in self._end:
            self._do(self._end[fault.kind], fault)
        self.servers.changed(fault.places)

    def close(self) -> None:
        """After the last fault. What became due while the clock was an hour ahead is due then, and no sooner."""
        for begun in self._begun:
            begun.result()
        self._move_clock(HOUR_S)
        self.servers.close()

    def look_after(self) -> None:
        """Starts again what has ended by itself, as `frontdesk run` does, and servers that are not meant to be away."""
        self._system.look_after()
        self.servers.look_after()

    def _do(self, act: Callable[..., None], *arguments: object) -> None:
        """A fault that cannot be carried out is told, and ends no run."""
        try:
            act(*arguments)
        except Exception as error:
            self.not_done.append(f"{arguments}: {type(error).__name__}: {error}"[:400])

    def _later(self, where: str, act: Callable[..., None], *arguments: object) -> None:
        """In their order, and not in the way of what is to be started again meanwhile."""
        self._begun.append(self._aside[where].submit(self._do, act, *arguments))

    def _kill(self, fault: Fault) -> None:
        for name in fault.targets:
            if name in self.servers:
                self.servers.kill(name)
                self.kills += 1
            else:
                self.kills += self._signal(name, psutil.Process.kill)

    def _bring_back(self, fault: Fault) -> None:
        self.servers.bring_back(fault.targets)
        self.look_after()

    def _restart(self, fault: Fault) -> None:
        """Drained; `look_after` starts it again, then or after a later kill, as the release that was chosen last."""
        (name,) = fault.targets
        self.releases.choose(name, fault.kind)
        self._signal(name, psutil.Process.terminate)

    def _signal(self, name: str, how: Callable[[psutil.Process], None]) -> bool:
        """Whether there was somebody to signal."""
        pid = self._system.pid(name)
        return pid is not None and _if_there(lambda: how(psutil.Process(pid)))

    def _pause(self, fault: Fault) -> None:
        """A server with all its processes."""
        (name,) = fault.targets
        pid = self.servers.pid(name) if name in self.servers else self._system.pid(name)
        if pid is None:
            return
        head = psutil.Process(pid)
        self._paused[fault] = [head, *(head.children(recursive=True) if name in self.servers else ())]
        for process in self._paused[fault]:
            _if_there(process.suspend)

    def _resume(self, fault: Fault) -> None:
        for process in self._paused.pop(fault, []):
            _if_there(process.resume)

    def _control(self, fault: Fault, *arguments: str) -> None:
        self._later("control", _until_done, self._broker.nodes[fault.targets[0]].control, *arguments)

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


def _until_done(control: Callable[..., None], *arguments: str) -> None:
    """rabbitmqctl takes seconds, and fails while a node looks for the others."""
    for _ in range(_TRIES - 1):
        with suppress(ServerFailed):
            return control(*arguments)
        time.sleep(_PAUSE_S)
    return control(*arguments)


def _if_there(act: Callable[[], None]) -> bool:
    try:
        act()
    except psutil.NoSuchProcess:
        return False
    return True
