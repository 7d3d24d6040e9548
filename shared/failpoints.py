"""Named places where a test may break a process: FAILPOINT=name:nth:action[,name:nth:action].

Inert unless FRONTDESK_FAILPOINTS=1 stood in the environment when the process started. `nth` counts the passes of
that place in this process from 1; actions: kill (SIGKILL to itself), raise, stall (12 s), reset (a lost connection).
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping

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
STALL_SECONDS = 12.0


class FailpointRaised(Exception):
    """What the action `raise` raises."""


class _Plan:
    def __init__(self, text: str) -> None:
        self._actions = dict(_parse(entry) for entry in text.split(",") if entry.strip())
        self._passes: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self._actions)

    def hit(self, name: str) -> None:
        self._passes[name] += 1
        if action := self._actions.get((name, self._passes[name])):
            action(name)


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


def _plan_of(environment: Mapping[str, str]) -> _Plan:
    armed = environment.get("FRONTDESK_FAILPOINTS") == "1"
    return _Plan(environment.get("FAILPOINT", "") if armed else "")


_plan = _plan_of(os.environ)


def failpoint(name: str) -> None:
    """Marks a place; does nothing unless this process was started to break here."""
    if _plan:
        _plan.hit(name)
