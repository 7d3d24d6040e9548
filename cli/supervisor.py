"""Starts the processes of docker-compose.yml, starts again what ends by itself, and stops all by draining."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.compose import Process
from cli.instance import ROOT, Instance
from cli.probe import is_ready
from cli.servers.process import ServerFailed, last_lines, start_child

DRAIN_SECONDS = 40.0
STEADY_SECONDS = 30.0
LONGEST_PAUSE = 15.0
HOPELESS = 3
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ")


@dataclass
class Watched:
    """One process of ours and its luck so far."""

    name: str
    command: list[str]
    environment: dict[str, str]
    child: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    restarts: int = 0
    start_again_at: float | None = None

    @property
    def address(self) -> str:
        return self.environment["FRONTDESK_ADDRESS"]

    @property
    def pid(self) -> int | None:
        return self.child.pid if self.child and self.child.poll() is None else None


class Supervisor:
    """All processes of one instance. Use it from the main thread (see start_child)."""

    def __init__(self, instance: Instance, say: Callable[[str], None] = print) -> None:
        self._instance = instance
        self._say = say
        self.watched: dict[str, Watched] = {}

    def add(self, process: Process, settings: Mapping[str, str], name: str | None = None) -> Watched:
        """Takes a process into care; `start` starts it. Another name makes a second one of its kind."""
        command = [sys.executable if part == "python" else part for part in process.command]
        environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
        environment |= {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT), **settings}
        chosen = name or process.name
        self.watched[chosen] = Watched(chosen, command, environment)
        return self.watched[chosen]

    def start(self, name: str) -> None:
        """Starts one process that does not run."""
        one = self.watched[name]
        one.child = start_child(one.command, self.log(name), environment=one.environment, directory=ROOT)
        one.started_at, one.start_again_at = time.monotonic(), None
        self._note()

    def start_all(self) -> None:
        """Starts every process, and returns when all are ready."""
        for name in self.watched:
            self.start(name)
        self.wait_ready()

    def wait_ready(self, names: Iterable[str] | None = None, within: float = 90.0) -> None:
        """Returns when each of them answers /readyz; ServerFailed with the last words of those that do not."""
        missing = set(self.watched if names is None else names)
        deadline = time.monotonic() + within
        while missing:
            self.look_after()
            self._give_up_on([name for name in missing if self.watched[name].failures >= HOPELESS])
            for name in sorted(name for name in missing if is_ready(self.watched[name].address, 1.0)):
                self._say(f"  {name} is ready after {time.monotonic() - self.watched[name].started_at:.1f} s")
                missing.discard(name)
            if missing and time.monotonic() > deadline:
                words = "\n".join(f"--- {name}\n{last_lines(self.log(name))}" for name in sorted(missing))
                raise ServerFailed(f"not ready after {within:.0f} s: {', '.join(sorted(missing))}\n{words}")
            time.sleep(0.1)

    def look_after(self) -> None:
        """One round: notices processes that ended, and starts them again: at once, or after a pause that grows."""
        now = time.monotonic()
        for one in self.watched.values():
            if one.child is None or one.child.poll() is None:
                continue
            if one.start_again_at is None:
                one.start_again_at = now + self._pause(one, now)
            if now >= one.start_again_at:
                one.restarts += 1
                self.start(one.name)

    def stop(self, names: Iterable[str] | None = None, how: signal.Signals = signal.SIGTERM) -> None:
        """Stops processes for good, all at once: each ends its work first and is killed after DRAIN_SECONDS."""
        chosen = [self.watched[name] for name in (self.watched if names is None else names)]
        children = [(one, one.child) for one in chosen if one.child is not None]
        for one, child in children:
            one.child, one.failures = None, 0  # whoever ended it on purpose starts it with a clean record
            if child.poll() is None:
                child.send_signal(how)
        deadline = time.monotonic() + DRAIN_SECONDS
        for one, child in children:
            self._wait_or_kill(one.name, child, deadline)
        self._note()

    def forget(self, name: str) -> None:
        """Takes a stopped process out of care and out of the notes."""
        del self.watched[name]
        self._note()

    def log(self, name: str) -> Path:
        """The file that a process's output goes to."""
        return self._instance.logs / f"{name}.log"

    def _give_up_on(self, names: list[str]) -> None:
        if names:
            words = "\n".join(f"--- {name}\n{last_lines(self.log(name))}" for name in sorted(names))
            raise ServerFailed(f"ended {HOPELESS} times before being ready: {', '.join(sorted(names))}\n{words}")

    def _wait_or_kill(self, name: str, child: subprocess.Popen[bytes], deadline: float) -> None:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._say(f"  {name} did not drain within {DRAIN_SECONDS:.0f} s and is killed")
            child.kill()
            child.wait()

    def _pause(self, one: Watched, now: float) -> float:
        """No pause for a process that stood for a while; one that keeps ending soon must not keep the machine busy."""
        steady = now - one.started_at > STEADY_SECONDS
        one.failures = 1 if steady else one.failures + 1
        pause = 0.0 if steady else min(LONGEST_PAUSE, 0.25 * 2**one.failures)
        status = one.child.returncode if one.child else None
        again = f"again in {pause:.1f} s" if pause else "started again"
        self._say(f"  {one.name} ended with status {status}; {again} (log: {self.log(one.name)})")
        return pause

    def _note(self) -> None:
        note = {
            one.name: {"pid": one.pid, "address": one.address, "restarts": one.restarts}
            for one in self.watched.values()
        }
        self._instance.write("processes", note)
