"""What has been acknowledged, and whether the databases say the same: nothing missing, nothing more, nothing else."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fix_desk import Json, stamp

Rows = Callable[..., list[Json]]

_APPOINTMENTS = "SELECT appointment_id, status, start_at FROM appointments"
_FINISHED = "SELECT encounter_id FROM encounters WHERE status = 'finished'"
_PATIENTS = "SELECT patient_id FROM patients"
_OPTED_OUT = "SELECT number FROM opt_outs WHERE opted_out"


@dataclass
class Acknowledged:
    """Kept by the desks: each appointment is only ever touched by the desk that booked it, so the last word holds."""

    visits: dict[str, tuple[str, str]] = field(default_factory=dict)  # appointment: status, start
    finished: set[str] = field(default_factory=set)  # encounters
    patients: set[str] = field(default_factory=set)
    opted_out: set[str] = field(default_factory=set)  # numbers
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def visit(self, appointment: Json) -> None:
        """What an answer says about an appointment is so from now on."""
        with self._lock:
            self.visits[appointment["appointment_id"]] = appointment["status"], appointment["start_at"]
            self.patients.add(appointment["patient_id"])

    def finish(self, appointment: Json, encounter_id: str) -> None:
        with self._lock:
            self.visits[appointment["appointment_id"]] = "fulfilled", appointment["start_at"]
            self.finished.add(encounter_id)

    def opt_out(self, number: str) -> None:
        with self._lock:
            self.opted_out.add(number)

    def differences(self, rows: Rows) -> tuple[list[str], list[str]]:
        """What the databases of a settled system say otherwise: what is lost, and what nobody asked for."""
        held = rows("scheduling", _APPOINTMENTS)
        there = {str(row["appointment_id"]): (row["status"], row["start_at"]) for row in held}
        said = {name: (status, datetime.fromisoformat(start)) for name, (status, start) in self.visits.items()}
        both = said.keys() & there.keys()
        other = [f"{one} {_shown(said[one])} is {_shown(there[one])}" for one in both if said[one] != there[one]]
        finished = _column(rows("records", _FINISHED))
        lost = [
            *_sentence("appointments that were acknowledged", said.keys() - there.keys()),
            *_sentence("appointments that are not as was said last", other),
            *_sentence("finished visits", self.finished - finished),
            *_sentence("patients", self.patients - _column(rows("records", _PATIENTS))),
            *_sentence("opt-outs", self.opted_out - _column(rows("notifications", _OPTED_OUT))),
        ]
        unexpected = [
            *_sentence("appointments that nobody was told of", there.keys() - said.keys()),
            *_sentence("finished visits that nobody was told of", finished - self.finished),
        ]
        return lost, unexpected


def _sentence(what: str, which: Any) -> Iterator[str]:
    found = sorted(which)
    if found:
        yield f"{len(found)} {what}: {', '.join(found[:3])}"


def _shown(visit: tuple[str, datetime]) -> str:
    return f"({visit[0]} at {stamp(visit[1])})"


def _column(rows: list[Json]) -> set[str]:
    return {str(value) for row in rows for value in row.values()}
