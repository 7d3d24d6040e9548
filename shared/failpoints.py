"""Named places where a test may break a process: FAILPOINT=name:nth:action[,name:nth:action].

Inert unless FRONTDESK_FAILPOINTS=1 stood in the environment when the process started. `nth` counts the passes of
that place in this process from 1; actions: kill (SIGKILL to itself), raise, stall, reset (a lost connection).

FAILPOINT_FILE names a file that may be written at any time with one `name:nth:action`; passes are then counted from
there, and the process that acts first takes the file away, so that it breaks once and that a test sees it.
FAILPOINT_STALL_S says how long a stall lasts (12 s).
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

# The closed list of places. A name is `<part>.<moment>`; a test checks that code names no other.
NAMES = frozenset(
    {
        "uow.before-key",
        "uow.after-key",  # the key's row is taken, nothing is done yet
        "uow.before-commit",
        "uow.after-commit",  # committed, the caller has no answer
        "relay.after-select",
        "relay.after-publish",  # sent, not confirmed
        "relay.after-confirm",  # confirmed, not stamped
        "relay.after-stamp",
        "handler.after-deliver",
        "handler.after-inbox",  # inbox rows are in, no effect yet
        "handler.before-commit",
        "handler.after-commit",  # committed, not acknowledged
        "handler.after-ack",
        "handler.after-park",  # the parked row is committed, not acknowledged
        "text.after-claim",  # the claim is committed, the carrier knows nothing
        "text.after-request",  # the carrier has it, its answer is not read
        "text.after-response",  # its answer is read, not committed
        "migrate.after-step",
    }
)
STALL_SECONDS = float(os.environ.get("FAILPOINT_STALL_S", "12"))


class FailpointRaised(Exception):
    """What the action `raise` raises."""


class _Plan:
    """What breaks where, and the passes so far; `take` comes before an action and may stop it by an error."""

    def __init__(self, text: str, take: Callable[[], None] = lambda: None) -> None:
        self._actions = dict(_parse(entry) for entry in text.split(",") if entry.strip())
        self._passes: Counter[str] = Counter()
        self._take = take

    def __bool__(self) -> bool:
        return bool(self._actions)

    def hit(self, name: str) -> None:
        self._passes[name] += 1
        if action := self._actions.get((name, self._passes[name])):
            self._take()
            action(name)


class _Watched:
    """A plan that a test writes while the process runs."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen = (0, 0)
        self._plan = _Plan("")

    def hit(self, name: str) -> None:
        try:
            there = self._file.stat()
            if (there.st_ino, there.st_mtime_ns) != self._seen:
                self._seen = (there.st_ino, there.st_mtime_ns)
                self._plan = _Plan(self._file.read_text("utf-8"), self._file.unlink)
            self._plan.hit(name)
        except FileNotFoundError:
            return  # nothing is planned, or another process was first


def _kill(_name: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _raise(name: str) -> None:
    raise FailpointRaised(name)


def _stall(_name: str) -> None:
    time.sleep(STALL_SECONDS)


def _reset(name: str) -> None:
    raise ConnectionResetError(name)


_ACTIONS: Mapping[str, Callable[[str], None]] = {"kill": _kill, "raise": _raise, "stall": _stall, "reset": _reset}


def _parse(entry: str) -> tuple[tuple[str, int], Callable[[str], None]]:
    name, nth, action = entry.strip().split(":")
    if name not in NAMES or action not in _ACTIONS or int(nth) < 1:
        raise ValueError(f"FAILPOINT {entry!r}: no such place, count or action")
    return (name, int(nth)), _ACTIONS[action]


def _plan_of(environment: Mapping[str, str]) -> "_Plan | _Watched":
    if environment.get("FRONTDESK_FAILPOINTS") != "1":
        return _Plan("")
    if file := environment.get("FAILPOINT_FILE"):
        return _Watched(Path(file))
    return _Plan(environment.get("FAILPOINT", ""))


_plan = _plan_of(os.environ)


def failpoint(name: str) -> None:
    """Marks a place; does nothing unless this process was started to break here."""
    if _plan:
        _plan.hit(name)
