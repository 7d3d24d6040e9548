"""The faults of a slice, each at its time; what happened of them."""

from breaking import Breaking
from fault import Fault
from fix_system import RunningSystem
from history import History
from map_of_system import BROKER, DATABASE, PROCESSES
from plan import Slice
from publishing_stops import drained_after
from recoveries import NEVER_S, Happened, Recoveries, is_at_once, takes_the_broker_away
from servers import kind_of


class Timeline:
    """`step` often. What breaks a server waits until that server works."""

    def __init__(self, part: Slice, system: RunningSystem, breaking: Breaking, history: History) -> None:
        self.happened: list[Happened] = []
        self.recoveries = Recoveries(system, breaking.servers)
        self._system = system
        self._breaking = breaking
        self._history = history
        self._waiting = list(part.faults)
        self._lasting: list[Happened] = []

    @property
    def is_over(self) -> bool:
        return not self._waiting and not self._lasting

    def step(self) -> None:
        """Ends what has lasted long enough, begins what is due, starts again what has ended."""
        now = self._history.now()
        for one in [one for one in self._lasting if one.begun + one.fault.lasts <= now]:
            self._end(one)
        for fault in [fault for fault in self._waiting if fault.at <= now]:
            # Asked one by one: what begins here keeps the next one waiting.
            if self._may(fault) and self._breaking.may(fault):
                self._waiting.remove(fault)
                self._begin(fault)
        self._breaking.look_after()
        self._breaking.servers.restart_the_hung(is_broken=BROKER in self._broken())

    def heal(self) -> None:
        """Nothing begins any more, and what lasts ends now."""
        self._waiting.clear()
        for one in list(self._lasting):
            self._end(one)

    def _begin(self, fault: Fault) -> None:
        pids = self._pids()
        one = Happened(fault, round(self._history.now(), 2))
        self.happened.append(one)
        self._breaking.begin(fault)
        if is_at_once(fault):
            self.recoveries.watch(one, pids)
        self._lasting.append(one)

    def _end(self, one: Happened) -> None:
        self._lasting.remove(one)
        self._breaking.end(one.fault)
        one.ended = round(self._history.now(), 2)
        if not is_at_once(one.fault):
            self.recoveries.watch(one, self._pids())
        if takes_the_broker_away(one.fault):
            self.recoveries.aside(lambda: self._watch_drain(one))

    def _watch_drain(self, one: Happened) -> None:
        one.drained_s = drained_after(self._system, NEVER_S)

    def _pids(self) -> dict[str, int | None]:
        return {name: self._system.pid(name) for name in PROCESSES}

    def _may(self, fault: Fault) -> bool:
        needed = _kinds(fault) & {BROKER, DATABASE}
        return not needed & self._broken() and all(map(self._breaking.servers.is_up, needed))

    def _broken(self) -> set[str]:
        return {kind for one in self._lasting for kind in _kinds(one.fault)}


def _kinds(fault: Fault) -> set[str]:
    return {kind_of(place) for place in fault.places}
