"""One whole system on which one guarantee after the other is taken away and given back."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from checker import SERVICES
from fix_desk import Desk, answer
from kept_rows import KeptRows

from cli.instance import ROOT
from shared.messaging.wake import CHANNEL

PLANTED = ROOT / "tests" / "faults" / "planted"


def settings(plan: Path) -> Mapping[str, str]:
    """What a system needs to be such a ground; in `plan` stands where a process is to break next."""
    return {
        "PYTHONPATH": f"{PLANTED}:{ROOT}",
        "FRONTDESK_FAILPOINTS": "1",
        "FAILPOINT_FILE": str(plan),
        "FAILPOINT_STALL_S": "2",
    }


class Ground:
    """`desk` is at work on it; `url_of` gives a superuser's URL of a service's database."""

    def __init__(self, desk: Desk, plan: Path) -> None:
        self.desk = desk
        self.system = desk.system
        self._plan = plan
        self._planted: dict[str, str] = {}
        desk.settle()
        self._kept = KeptRows(desk.system.admin_url)

    def plant(self, processes: Sequence[str], names: Sequence[str]) -> None:
        """Has these processes run with what the names stand for (tests/faults/planted), and no other process."""
        wanted = dict.fromkeys(processes, ",".join(names)) if names else {}
        for process in wanted.keys() | self._planted.keys():
            if wanted.get(process, "") != self._planted.get(process, ""):
                self.system.restart(process, PLANTED=wanted.get(process, ""))
        self._planted = wanted

    @contextmanager
    def another(self, name: str, called: str) -> Iterator[None]:
        """One more process of a kind in the block, with the same planted."""
        self.system.start_another(name, called)
        try:
            if planted := self._planted.get(name):
                self.system.restart(called, PLANTED=planted)
            yield
        finally:
            self.system.end_another(called)

    def put_back(self) -> None:
        """All rows and every process as they were."""
        self._plan.unlink(missing_ok=True)
        for process in self._planted:
            self.system.stop(process)
        self._kept.put_back()
        for process in self._planted:
            self.system.start(process, PLANTED="")
        self._planted = {}

    def verdict(self, still_s: float) -> list[str]:
        """What the checker finds once all is quiet, or has not moved for so long; and what is on its way then."""
        seen, since = list[str](), time.monotonic()
        while (waiting := self.desk.checker.waiting()) and time.monotonic() - since < still_s:
            if waiting != seen:
                seen, since = waiting, time.monotonic()
            self._hurry()
            time.sleep(0.25)
        return waiting + self.desk.checker.faults()

    @contextmanager
    def breaking(self, case: str) -> Iterator[None]:
        """Some process breaks at that place (`relay.after-publish:1:kill`) in the block, and runs again after it."""
        self._plan.write_text(case, "utf-8")
        yield
        self.wait_until(lambda: not self._plan.exists())
        self.wait_until(lambda: self.system.revive() or not case.endswith("kill"))

    @contextmanager
    def standing_still(self, *pids: int | None) -> Iterator[None]:
        """These processes do nothing in the block, at whose end some may be no more."""
        stopped = [pid for pid in pids if pid]
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in stopped:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def rename_site(self, place: int) -> str:
        """Tells one `site-changed`, which one handler hears; gives the name."""
        name, path = f"Site {time.monotonic_ns()}", f"/v1/sites/{self.desk.elm.sites[place]['site_id']}"
        assert answer(self.desk.session("manager"), "PATCH", path, {"name": name}).status == 200
        return name

    def wait_for_site(self, name: str) -> None:
        """Returns when notifications knows of that name."""
        heard = "SELECT FROM sites WHERE name = %(name)s"
        self.wait_until(lambda: self.desk.rows("notifications", f"SELECT EXISTS ({heard}) AS it", name=name)[0]["it"])

    def wait_until(self, true: Callable[[], object], within: float = 60.0) -> None:
        """Polls; starts nothing again that has ended."""
        deadline = time.monotonic() + within
        while not true():
            assert time.monotonic() < deadline, f"not so within {within:.0f} s"
            time.sleep(0.05)

    def _hurry(self) -> None:
        """What was parked is tried again at once."""
        for service in SERVICES:
            self.desk.rows(
                service,
                "UPDATE parked_events SET next_attempt_at = '-infinity' WHERE status = 'open' AND attempts < 3;"
                f" NOTIFY {CHANNEL}",
            )
