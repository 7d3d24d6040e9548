"""Processes of a baseline: started in the background, ready when they say so, ended by their pid."""

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cli.instance import ROOT
from cli.servers.process import last_lines, start_child, stop_child, wait_until

_PATIENCE_S = 30.0
LOOK_EVERY_S = 0.2  # a look costs the servers something too


@contextmanager
def running(
    commands: Mapping[str, list[str]], environment: Mapping[str, str], *, ready: str = "ready"
) -> Iterator[dict[str, int]]:
    """Each command as a process, by name; gives their pids. Each has said `ready` before the block begins."""
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="frontdesk-bench-")))
        children = {}
        for name, command in commands.items():
            settings = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment}
            children[name] = start_child(command, folder / name, environment=settings, directory=ROOT)
            cleanup.callback(stop_child, children[name], within=5.0)
        for name, child in children.items():
            wait_until(_says(ready, folder / name), _PATIENCE_S, child, name, folder / name)
        yield {name: child.pid for name, child in children.items()}
        _all_still_run(children, folder)


def until(true: Callable[[], bool], within: float, what: str, every: float = LOOK_EVERY_S) -> None:
    """Polls; TimeoutError names what did not come true."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {within:.0f} s")
        time.sleep(every)


def _says(word: str, log: Path) -> Callable[[], bool]:
    return lambda: word in log.read_text("utf-8", errors="replace")


def _all_still_run(children: Mapping[str, "subprocess.Popen[bytes]"], folder: Path) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise RuntimeError(f"{name} ended by itself:\n{last_lines(folder / name)}")
