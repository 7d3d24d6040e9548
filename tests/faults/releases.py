"""Two releases in one slice: which of them each process is, and how far scheduling's schema has come."""

import time
from collections import Counter
from contextlib import suppress
from functools import cached_property

import psutil
from fault import Fault, Kind
from fix_system import RunningSystem
from map_of_system import PROCESSES
from next_release import NextRelease, NotMigrated, this_release

PATIENCE_S, _PAUSE_S = 150.0, 0.5


class Releases:
    """`counts`: processes sent `forth` and `back`, `expand` and `contract` that are done, and the `tries` they took."""

    def __init__(self, system: RunningSystem) -> None:
        self.counts: Counter[str] = Counter()
        self._system = system
        self._chosen = dict.fromkeys(PROCESSES, Kind.BACK)

    def may(self, fault: Fault) -> bool:
        """The next release needs the expanded schema; this one must be gone before the schema is contracted."""
        if fault.kind in (Kind.FORTH, Kind.CONTRACT) and not self.counts[Kind.EXPAND]:
            return False
        return fault.kind is not Kind.CONTRACT or all(map(self._is_next, PROCESSES))

    def choose(self, name: str, kind: Kind) -> None:
        """What the process is from its next start on; DRAIN leaves it what it is."""
        if kind not in (Kind.FORTH, Kind.BACK) or kind is self._chosen[name]:
            return
        self._system.settle_on(name, **(self._next.settings() if kind is Kind.FORTH else this_release()))
        self._chosen[name] = kind
        self.counts[kind] += 1

    def migrate(self, fault: Fault) -> None:
        """Begun again until it is done, however often PostgreSQL ends meanwhile. Raises NotMigrated in the end."""
        work = self._next.expand if fault.kind is Kind.EXPAND else self._next.contract
        ends, held = time.monotonic() + PATIENCE_S, _held(fault.amount)
        while True:
            self.counts["tries"] += 1
            try:
                work(self._system.admin_url("scheduling"), **held)
            except NotMigrated:
                if time.monotonic() > ends:
                    raise
                held = {}
                time.sleep(_PAUSE_S)
            else:
                self.counts[fault.kind] += 1
                return

    @cached_property
    def _next(self) -> NextRelease:
        """Made by the first who needs it: EXPAND, which all others wait for."""
        return NextRelease(self._system.instance.directory / "next-release")

    def _is_next(self, name: str) -> bool:
        """What runs, not what was chosen: a process that is to end may take long to do so."""
        pid = self._system.pid(name)
        with suppress(psutil.Error):
            wanted = self._next.settings()["PYTHONPATH"]
            return pid is not None and psutil.Process(pid).environ().get("PYTHONPATH") == wanted
        return False


def _held(seconds: float) -> dict[str, str]:
    """The migration's transaction stays open for so long before it commits."""
    where = {"FRONTDESK_FAILPOINTS": "1", "FAILPOINT": "migrate.after-step:1:stall"}
    return {**where, "FAILPOINT_STALL_S": str(seconds)} if seconds else {}
