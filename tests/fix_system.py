"""The whole system for end-to-end tests: every process of docker-compose.yml, on servers and ports of its own.

`system` is shared by the session and must be left as it was found; `system_with` makes one for a test that wants
settings of its own (FAILPOINT and the like). Both are `RunningSystem`.
"""

import os
import secrets
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from cli.instance import ROOT, Instance
from cli.servers.process import ServerFailed
from cli.system import System

RUNS = Path(tempfile.gettempdir())
PLANTS = ROOT / "tests" / "plants"


class RunningSystem:
    """Handles on a running system. Names are those of docker-compose.yml: `scheduling`, `scheduling-work`, `relay`."""

    def __init__(self, system: System) -> None:
        self._system = system
        self.gateway_url = system.gateway_url
        self.instance = system.instance
        self.postgres = system.postgres
        self.rabbitmq = system.rabbitmq

    @property
    def environment(self) -> dict[str, str]:
        """What a command (`python -m cli ...`) or an unlisted process of this system needs."""
        return {**os.environ, **self.instance.read("environment")}

    @contextmanager
    def as_environment(self) -> Iterator[None]:
        """Functions of the commands speak to this system, in this process, meanwhile."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.instance.read("environment").items():
                patch.setenv(name, value)
            yield

    def secret(self, name: str) -> str:
        """One of the system's own secrets."""
        return (self.instance.secrets / name).read_text("utf-8").strip()

    def admin_url(self, service: str) -> str:
        """A service's database as the superuser, whom no policy binds."""
        return urlunsplit(urlsplit(self.secret("admin_database_url"))._replace(path=f"/{service}"))

    def look_after(self) -> None:
        """One round of what `frontdesk run` does all the time: starts again what ended by itself."""
        self._system.supervisor.look_after()

    def revive(self) -> list[str]:
        """Starts at once what has ended by itself, without the pauses of `look_after`; gives the names."""
        ended = [name for name, one in self._system.supervisor.watched.items() if one.child and not one.pid]
        for name in ended:
            self._system.supervisor.start(name)
        return ended

    def settings(self, name: str) -> dict[str, str]:
        """The settings of one process."""
        return dict(self._system.supervisor.watched[name].environment)

    def address(self, name: str) -> str:
        """host:port of a process's own pages (/readyz, /metrics)."""
        return self._system.supervisor.watched[name].address

    def pid(self, name: str) -> int | None:
        """The process's pid while it runs."""
        return self._system.supervisor.watched[name].pid

    def log(self, name: str) -> str:
        """All that a process has written."""
        return self._system.supervisor.log(name).read_text("utf-8", errors="replace")

    def kill(self, name: str) -> None:
        """SIGKILL, and nothing starts it again before `start`."""
        self._system.supervisor.stop([name], signal.SIGKILL)

    def kill_all(self) -> None:
        """SIGKILL for every process, of a system that nobody needs any more."""
        self._system.supervisor.stop(how=signal.SIGKILL)

    def stop(self, name: str) -> None:
        """SIGTERM: returns when the process has drained and ended."""
        self._system.supervisor.stop([name])

    def start(self, name: str, **settings: str) -> None:
        """Starts a stopped process, with settings more than before, and waits until it is ready."""
        self._system.supervisor.watched[name].environment |= settings
        self._system.supervisor.start(name)
        self._system.supervisor.wait_ready([name])

    def start_at_once(self, name: str) -> None:
        """Starts a process that has ended, however often it did, and does not wait for it."""
        self._system.supervisor.stop([name])
        self._system.supervisor.start(name)

    def restart(self, name: str, **settings: str) -> None:
        """Drains, ends and starts again."""
        self.stop(name)
        self.start(name, **settings)

    def start_another(self, name: str, called: str) -> str:
        """A second process of a kind (`"gateway", "gateway-b"`), ready; gives its host:port."""
        return self._system.start_another(name, called)

    def add_another(self, name: str, called: str) -> str:
        """The same without a start, for `start_all`."""
        return self._system.add_another(name, called)

    def start_all(self, settings: Mapping[str, Mapping[str, str]]) -> None:
        """Starts all processes, each with settings more than before; ready at the end."""
        for name, more in settings.items():
            self._system.supervisor.watched[name].environment |= more
        self._system.supervisor.start_all()

    def roll(self, names: Collection[str], **settings: str) -> None:
        """Drains these at once and starts them again, each with settings more than before; ready at the end."""
        self._system.supervisor.stop(names)
        for name in names:
            self._system.supervisor.watched[name].environment |= settings
            self._system.supervisor.start(name)
        self._system.supervisor.wait_ready(names)

    def settle_on(self, name: str, **settings: str) -> None:
        """Settings more than before that a process has from its next start on, whoever starts it."""
        self._system.supervisor.watched[name].environment |= settings

    def end_another(self, called: str) -> None:
        """Stops such a second process, for good."""
        self._system.end_another(called)

    def wait_until(self, true: Callable[[], bool], within: float = 30.0) -> None:
        """Polls, while processes that crash are started again as in `frontdesk run`."""
        deadline = time.monotonic() + within
        while not true():
            assert time.monotonic() < deadline, f"not so within {within:.0f} s"
            self.look_after()
            time.sleep(0.05)


@pytest.fixture(scope="session")
def system() -> Iterator[RunningSystem]:
    """The session's system. On a signal its processes show a word in their metrics (tests/plants)."""
    with tempfile.NamedTemporaryFile(prefix="frontdesk-planted-", dir=RUNS) as word:
        settings = {"PYTHONPATH": f"{PLANTS}:{ROOT}", "PLANTED_METRIC": word.name}
        with running_system(settings) as running:
            yield running


@pytest.fixture
def system_with() -> Iterator[Callable[[Mapping[str, str]], RunningSystem]]:
    """`system_with({"FRONTDESK_FAILPOINTS": "1"})` -> a system of this test alone."""
    with ExitStack() as stack:
        yield lambda settings: stack.enter_context(running_system(settings))


@contextmanager
def running_system(
    settings: Mapping[str, str],
    *,
    durable: bool = False,
    starts: bool = True,
    given: Mapping[str, str] | None = None,
) -> Iterator[RunningSystem]:
    """A system in a folder of its own, gone at the end (see System); skips where servers cannot be had."""
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-system-", dir=RUNS))
    instance = Instance(folder / secrets.token_hex(4))
    lines: list[str] = []
    try:
        kind: dict[str, Any] = {"throw_away": True, "durable": durable, "starts": starts, "given": given}
        with System(instance, **kind, settings=settings, say=lines.append) as started:
            yield RunningSystem(started)
    except ServerFailed as failed:
        if "is not installed" in str(failed):
            pytest.skip(str(failed))
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
