"""What was asked of the system, and what came of it: invoked, then ok, failed or unknown, one line of JSON each."""

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any, TextIO

Json = dict[str, Any]
# Gone with these slugs means: somebody was first.
TAKEN = "appointment-overlaps"


@dataclass
class Operation:
    """One thing that a desk wanted, under one key, however often it had to be asked for."""

    number: int
    desk: str
    name: str
    subject: str
    began: float
    body: Json = field(default_factory=dict, repr=False)
    # What its client knows of it that neither the body nor the answer says: the visit that it is about.
    about: Json = field(default_factory=dict, repr=False)
    tries: int = 0
    unknown: int = 0
    settled: float | None = None
    status: int = 0
    slug: str = ""
    answer: Json = field(default_factory=dict, repr=False)

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_taken(self) -> bool:
        return self.slug == TAKEN


class History:
    """Every operation of a load, in memory and line by line in a file where one is named. Seconds from `start`."""

    def __init__(self, file: Path | None = None) -> None:
        self.operations: list[Operation] = []
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self.started_at = datetime.now(UTC)
        self._file = _opened(file) if file else StringIO()

    def start(self) -> None:
        """The load begins now."""
        self._began = time.monotonic()
        self.started_at = datetime.now(UTC)

    def now(self) -> float:
        return time.monotonic() - self._began

    def invoked(
        self, desk: str, name: str, subject: str, body: Json | None = None, about: Json | None = None
    ) -> Operation:
        operation = Operation(next(self._numbers), desk, name, subject, self.now(), body or {}, about or {})
        with self._lock:
            self.operations.append(operation)
        self._note(operation, "invoked", name=name, desk=desk, subject=subject)
        return operation

    def unknown(self, operation: Operation, why: str) -> None:
        """Nobody knows whether it was done: it is asked for again, with its key."""
        operation.tries += 1
        operation.unknown += 1
        self._note(operation, "unknown", why=why)

    def settled(self, operation: Operation, status: int, slug: str, answer: Json) -> None:
        """Done, or refused for good."""
        operation.tries += 1
        operation.status, operation.slug, operation.answer = status, slug, answer
        operation.settled = self.now()
        self._note(operation, "ok" if operation.is_ok else "failed", status=status, slug=slug)

    def close(self) -> None:
        self._file.close()

    def of(self, *names: str) -> list[Operation]:
        return [one for one in self.operations if one.name in names]

    def done_between(self, name: str, begin: float, end: float) -> int:
        """How many were begun and answered with success in that time."""
        return sum(one.is_ok and begin <= one.began and one.settled <= end for one in self.of(name) if one.settled)

    def counts(self) -> dict[str, int]:
        """What a summary adds up."""
        booked, changed = self.of("book"), self.of("move", "cancel")
        taken = [one for one in booked if one.is_taken]
        return {
            "attempts": len(booked),
            "booked": sum(one.is_ok for one in booked),
            "taken": len(taken),
            "moves_and_cancellations": len(changed),
            "check_ins": sum(one.is_ok for one in self.of("check-in")),
            "finished": sum(one.is_ok for one in self.of("finish")),
            "repeats": len(self.of("repeat")),
            "stops": sum(one.is_ok for one in self.of("stop")),
            "operations": len(self.operations),
            "unknown_tries": sum(one.unknown for one in self.operations),
            "unknown_settled": sum(one.unknown > 0 and one.settled is not None for one in self.operations),
            "unsettled": sum(one.settled is None for one in self.operations),
        }

    def by_name(self) -> dict[str, int]:
        """How many operations of each name were done."""
        return dict(sorted(Counter(one.name for one in self.operations if one.is_ok).items()))

    def so_far(self) -> Counter[str]:
        """How many operations of each name were begun."""
        with self._lock:
            return Counter(one.name for one in self.operations)

    def refusals(self) -> dict[str, int]:
        """How often each reason was given, by operation."""
        refused = Counter(f"{one.name}: {one.slug or one.status}" for one in self.operations if one.slug)
        return dict(sorted(refused.items()))

    def _note(self, operation: Operation, state: str, **more: Any) -> None:
        line = json.dumps({"at": round(self.now(), 3), "operation": operation.number, "state": state, **more})
        with self._lock:
            self._file.write(line + "\n")


def _opened(file: Path) -> TextIO:
    file.parent.mkdir(parents=True, exist_ok=True)
    return file.open("w", encoding="utf-8", buffering=1 << 16)
