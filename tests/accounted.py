"""Compares what clients were told with what is there: nothing acknowledged is missing, nothing unexpected exists.

The load's writes are few and known (fix_load.py), so that what must have become of each appointment follows from the
answers alone: its status, its start, how often it changed, how many check-ins it had.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recorded import Operation, Recorder

Ask = Callable[..., list[dict[str, Any]]]
_STATUS = {
    "book": "booked",
    "move": "booked",
    "cancel": "cancelled",
    "check-in": "arrived",
    "undo-check-in": "booked",
    "finish": "fulfilled",
}


@dataclass
class Expected:
    """What an appointment must be, by what its client was told. `version` counts what was done to it."""

    start_at: datetime | None = None
    status: str = ""
    version: int = 0
    check_ins: int = 0
    finished: int = 0

    def then(self, operation: Operation) -> None:
        self.status = _STATUS[operation.verb]
        self.version += 1
        self.check_ins += operation.verb == "check-in"
        self.finished += operation.verb == "finish"
        if "start_at" in operation.answer:
            self.start_at = datetime.fromisoformat(operation.answer["start_at"])


class Accounts:
    """`ask("scheduling", statement, name=value)` gives rows. Made before the first write; judged when all is quiet."""

    def __init__(self, recorder: Recorder, ask: Ask) -> None:
        self._recorder = recorder
        self._ask = ask
        self._before = self._ids()

    def faults(self) -> list[str]:
        """A sentence for each kind of thing that is missing, unexpected, or there more than once."""
        expected = expected_of(self._recorder.done())
        return [
            *self._recorder.faults(),
            *self._unlike(expected),
            *self._unexpected("appointment", set(expected)),
            *self._unexpected("patient", set(self._patients(expected))),
            *self._newcomers(),
        ]

    def _unlike(self, expected: dict[str, Expected]) -> Iterator[str]:
        found = {row.pop("appointment_id"): row for row in self._ask("scheduling", _APPOINTMENTS, ids=list(expected))}
        visits = {row.pop("appointment_id"): row for row in self._ask("records", _ENCOUNTERS, ids=list(expected))}
        for appointment_id, wanted in expected.items():
            there = _there(found.get(appointment_id), visits.get(appointment_id, {}))
            if there != wanted:
                yield f"appointment {appointment_id}: acknowledged {wanted}, there is {there}"

    def _unexpected(self, what: str, known: set[str]) -> Iterator[str]:
        if stray := self._ids()[what] - self._before[what] - known:
            yield f"{what}s that nobody was told of: {len(stray)}, {min(stray)}"

    def _patients(self, expected: dict[str, Expected]) -> Iterable[str]:
        return (row["patient_id"] for row in self._ask("scheduling", _PATIENTS_OF, ids=list(expected)))

    def _newcomers(self) -> Iterator[str]:
        """Who booked as a newcomer is one patient, however often the client had to ask."""
        numbers = [one.body["new_patient"]["phone"] for one in self._recorder.done() if "new_patient" in one.body]
        found = {row["number"]: row["n"] for row in self._ask("records", _WITH_NUMBER, numbers=numbers)}
        if unlike := [number for number in numbers if found.get(number) != 1]:
            yield f"newcomers who are not one patient: {len(unlike)} of {len(numbers)}"

    def _ids(self) -> dict[str, set[str]]:
        tables = {"appointment": "scheduling", "patient": "records"}
        return {
            what: {row["id"] for row in self._ask(service, f"SELECT {what}_id::text AS id FROM {what}s")}
            for what, service in tables.items()
        }


def expected_of(done: Iterable[Operation]) -> dict[str, Expected]:
    """By appointment id; the writes of one appointment stand in the order in which they were asked for."""
    expected: dict[str, Expected] = {}
    for operation in done:
        if operation.verb in _STATUS:
            appointment_id = operation.answer["appointment_id"]
            expected.setdefault(appointment_id, Expected()).then(operation)
    return expected


def _there(appointment: dict[str, Any] | None, visits: dict[str, int]) -> Expected | None:
    return Expected(**appointment, **visits) if appointment else None


_APPOINTMENTS = """
SELECT appointment_id::text, start_at, status, version FROM appointments WHERE appointment_id = ANY(%(ids)s::uuid[])
"""
_ENCOUNTERS = """
SELECT appointment_id::text, count(*) AS check_ins, count(*) FILTER (WHERE status = 'finished') AS finished
FROM encounters WHERE appointment_id = ANY(%(ids)s::uuid[]) GROUP BY appointment_id
"""
_PATIENTS_OF = "SELECT patient_id::text FROM appointments WHERE appointment_id = ANY(%(ids)s::uuid[])"
_WITH_NUMBER = """
SELECT number, count(*) AS n FROM patient_phones WHERE number = ANY(%(numbers)s) GROUP BY number
"""
