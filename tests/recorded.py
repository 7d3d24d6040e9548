"""What clients asked for and what they were told: each write as invoked, then ok, failed or unknown.

An unknown one is asked again with its key until somebody answers, by the client itself (cli/api.py) and, where that
lost its patience, by `settle`.
"""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from cli.api import Api, ApiRefused, ApiUnreachable, Json
from shared.ids import new_id

INVOKED, OK, FAILED, UNKNOWN = "invoked", "ok", "failed", "unknown"
SIGNED_OUT = 401


@dataclass
class Operation:
    """One write. `answer` where it was ok, `slug` where it failed; `asker` asks it again."""

    asker: "RecordingApi"
    method: str
    path: str
    body: Json
    key: str
    outcome: str = INVOKED
    answer: Json = field(default_factory=dict)
    slug: str = ""

    @property
    def verb(self) -> str:
        """book, move, cancel, check-in, undo-check-in, finish, ..."""
        return "book" if self.path == "/v1/appointments" else self.path.rpartition("/")[2]


class Recorder:
    """Every write of the callers that it made."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._otherwise: list[str] = []
        self._lock = threading.Lock()

    def caller(self, api: Api, patience_s: float = 30.0, *, loses_answers: bool = False) -> "RecordingApi":
        """One who asks with that one's session; `loses_answers` asks everything a second time with its key."""
        return RecordingApi(self, api, patience_s, loses_answers=loses_answers)

    def settle(self) -> None:
        """Asks everything again of which nobody knows what became of it."""
        for operation in self.operations:
            if operation.outcome in (INVOKED, UNKNOWN):
                with suppress(ApiRefused, ApiUnreachable):
                    operation.asker.ask(operation)

    def done(self) -> Iterator[Operation]:
        """What was answered with success, in the order in which it was asked for."""
        return (one for one in self.operations if one.outcome == OK)

    def faults(self) -> list[str]:
        """What clients have seen that must not be."""
        unsettled = [f"never answered: {one.path}" for one in self.operations if one.outcome in (INVOKED, UNKNOWN)]
        return [*self._otherwise, *unsettled]

    def invoked(self, operation: Operation) -> None:
        with self._lock:
            self.operations.append(operation)

    def answered_otherwise(self, operation: Operation) -> None:
        with self._lock:
            self._otherwise.append(f"asked again, answered otherwise: {operation.path}")


class RecordingApi(Api):
    """A caller whose writes are recorded."""

    def __init__(self, recorder: Recorder, api: Api, patience_s: float, *, loses_answers: bool) -> None:
        super().__init__(api.base_url, api.token, patience_s)
        self._recorder = recorder
        self._loses_answers = loses_answers

    def ask(self, operation: Operation) -> Json:
        """Once more or for the first time; records what became of it."""
        operation.outcome = UNKNOWN
        try:
            answer = super()._write(operation.method, operation.path, operation.body, operation.key)
        except ApiRefused as refused:
            if refused.status != SIGNED_OUT:  # which says nothing about what was asked for
                operation.outcome, operation.slug = FAILED, refused.slug
            raise
        operation.outcome, operation.answer = OK, answer
        return answer

    def _write(self, method: str, path: str, body: Json | None, key: str) -> Json:
        operation = Operation(self, method, path, body or {}, key or str(new_id()))
        self._recorder.invoked(operation)
        answer = self.ask(operation)
        if self._loses_answers and self._again(operation) != answer:
            self._recorder.answered_otherwise(operation)
        return answer

    def _again(self, operation: Operation) -> Json:
        try:
            return super()._write(operation.method, operation.path, operation.body, operation.key)
        except ApiRefused as refused:
            return refused.problem
