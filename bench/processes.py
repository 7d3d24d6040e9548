"""What processes use, by name: CPU time and memory, with all their children, from /proc.

A name stands for the tree under one process. PostgreSQL's backends are told apart by their database, which they show as
their title. The CPU time of children that have ended is their parent's, so that nothing is lost between two looks.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

_BACKEND = "postgres: "
_KB_IN_MB = 1024


class Meter:
    """CPU seconds of named processes between `start` and `stop`."""

    def __init__(self, roots: Mapping[str, int]) -> None:
        self._roots = roots
        self._before = dict(self._read())

    def used(self) -> dict[str, float]:
        """Seconds since this meter was made, by name."""
        total: dict[str, float] = defaultdict(float)
        for (name, pid), seconds in self._read():
            total[name] += max(0.0, seconds - self._before.get((name, pid), 0.0))
        return dict(total)

    def _read(self) -> Iterator[tuple[tuple[str, int], float]]:
        for name, process in _trees(self._roots):
            with suppress(psutil.Error):
                yield (name, process.pid), sum(process.cpu_times()[:4])  # own and ended children's, user and system


def memory_mb(roots: Mapping[str, int]) -> dict[str, float]:
    """Proportional set size by name. PermissionError where another user's processes may not be looked at."""
    total: dict[str, float] = defaultdict(float)
    for name, process in _trees(roots):
        with suppress(psutil.Error, FileNotFoundError, ProcessLookupError):
            total[name] += _pss_kb(process.pid) / _KB_IN_MB
    return {name: round(megabytes, 1) for name, megabytes in total.items()}


def _trees(roots: Mapping[str, int]) -> Iterator[tuple[str, psutil.Process]]:
    for name, pid in roots.items():
        with suppress(psutil.Error):
            root = psutil.Process(pid)
            yield name, root
            for child in root.children(recursive=True):
                yield _named(name, child), child


def _named(name: str, child: psutil.Process) -> str:
    """`postgresql scheduling` for a backend of the database `scheduling`; the parent's name for anything else."""
    with suppress(psutil.Error, IndexError):
        title = child.cmdline()[0]
        words = title.removeprefix(_BACKEND).split()
        if title.startswith(_BACKEND) and "(" in words[2]:
            return f"{name} {words[1]}"
    return name


def _pss_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
