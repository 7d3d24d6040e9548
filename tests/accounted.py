"""Compares what clients were told with what is there: nothing acknowledged is missing, nothing is there besides.

Each appointment is only ever touched by the client that booked it, one write after the other, so that what must have
become of it follows from the answers alone: its status, its start, how often it changed, how many check-ins it had
(told.py). The same for what else they make and change (accounted_lists.py).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounted_lists import GONE, KINDS, expected_lists
from history import Operation
from told import Told, told_by

Rows = Callable[..., list[dict[str, Any]]]
LOST, REPEATED = "lost", "repeated"
Difference = tuple[str, str]  # LOST or REPEATED, and a sentence


@dataclass
class Expected:
    """What an appointment must be, by what its client was told. `version` counts what was done to it."""

    start_at: datetime | None = None
    status: str = ""
    version: int = 0
    check_ins: int = 0
    finished: int = 0

    def then(self, told: Told) -> None:
        self.status = told.status
        self.version += 1
        self.check_ins += told.checks_in
        self.finished += told.finishes
        self.start_at = told.start_at or self.start_at

    def is_beyond(self, other: "Expected") -> bool:
        """Whether something was done once more here."""
        return self.version > other.version or self.check_ins > other.check_ins or self.finished > other.finished


class Accounts:
    """`rows("scheduling", statement, name=value)` asks a service's database. Made before the first write."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._before = {what: self._ids(what) for what in _TABLES}
        self._listed_before = {kind: self._every(kind) for kind in KINDS}

    def differences(self, operations: Sequence[Operation]) -> tuple[list[str], list[str]]:
        """What is lost, and what is there that nobody asked for or more than once; judged when all is quiet."""
        expected = expected_of(operations)
        found = [
            *self._appointments(expected),
            *self._people(operations, list(expected)),
            *self._opt_outs(operations),
            *self._lists(operations),
            *self._texts(operations),
        ]
        lost, repeated = ([sentence for kind, sentence in found if kind == one] for one in (LOST, REPEATED))
        return lost, repeated

    def _appointments(self, expected: dict[str, Expected]) -> Iterator[Difference]:
        there = self._there(list(expected))
        unlike = {one: is_ for one, is_ in there.items() if is_ != expected[one]}
        said = {one: f"{one} acknowledged {expected[one]}, there is {is_}" for one, is_ in unlike.items()}
        beyond = {one for one, is_ in unlike.items() if is_.is_beyond(expected[one])}
        yield from _told(LOST, "acknowledged appointments that are not there", expected.keys() - there.keys())
        yield from _told(LOST, "appointments that are not as was said", [said[one] for one in unlike.keys() - beyond])
        yield from _told(REPEATED, "appointments to which more was done than was said", [said[one] for one in beyond])
        yield from _told(REPEATED, "appointments that nobody was told of", self._new("appointment") - expected.keys())

    def _people(self, operations: Iterable[Operation], appointments: list[str]) -> Iterator[Difference]:
        """Who booked as a newcomer is one patient, however often it was asked for; none or one who was refused."""
        asked = [one for one in operations if one.name == "book" and "new_patient" in one.body]
        numbers = {one.body["new_patient"]["phone"]: one.is_ok for one in asked}
        patients = self._with_number(list(numbers))
        missing = [number for number, is_ok in numbers.items() if is_ok and number not in patients]
        more = [number for number, having in patients.items() if len(having) > 1]
        visitors = {row["patient_id"] for row in self._rows("scheduling", _PATIENTS_OF, ids=appointments)}
        stray = self._new("patient") - visitors.union(*patients.values())
        yield from _told(LOST, "newcomers who are no patient", missing)
        yield from _told(REPEATED, "newcomers who are more than one patient", more)
        yield from _told(REPEATED, "patients that nobody was told of", stray)

    def _opt_outs(self, operations: Iterable[Operation]) -> Iterator[Difference]:
        acknowledged = {one.subject for one in operations if one.name == "stop" and one.is_ok}
        there = {row["number"] for row in self._rows("notifications", _OPTED_OUT)}
        yield from _told(LOST, "opt-outs", acknowledged - there)

    def _lists(self, operations: Iterable[Operation]) -> Iterator[Difference]:
        """Holds, series, absences, the waitlist, hours: each is what it may be by what was said of it last."""
        for kind, expected in expected_lists(operations).items():
            rows = self._rows("scheduling", KINDS[kind].states, ids=list(expected))
            there = dict.fromkeys(expected, GONE) | {row["id"]: row["state"] for row in rows}
            unlike = [one for one, states in expected.items() if there[one] not in states]
            said = [f"{one} acknowledged {sorted(expected[one])}, there is {there[one]}" for one in unlike]
            yield from _told(LOST, f"{kind} that are not as was said", said)
            new = self._every(kind) - self._listed_before[kind]
            yield from _told(REPEATED, f"{kind} that nobody was told of", new - expected.keys())

    def _texts(self, operations: Iterable[Operation]) -> Iterator[Difference]:
        """Nobody is texted of what was never more than proposed, or of a visit that had begun when it was booked."""
        silent, heard = set(), set()
        for one in operations:
            quiet = one.name in ("propose", "decline", "walk-in")
            (silent if quiet else heard).update(told.appointment_id for told in told_by(one))
        walked_in = {one.answer["appointment_id"] for one in operations if one.is_ok and one.name == "walk-in"}
        ids = list((silent - heard) | walked_in)
        texted = {row["id"] for row in self._rows("notifications", _TEXTED, ids=ids)}
        yield from _told(REPEATED, "visits of which nobody should be texted", texted)

    def _every(self, kind: str) -> set[str]:
        every = KINDS[kind].every
        return {row["id"] for row in self._rows("scheduling", every)} if every else set()

    def _there(self, ids: list[str]) -> dict[str, Expected]:
        visits = {row.pop("appointment_id"): row for row in self._rows("records", _ENCOUNTERS, ids=ids)}
        rows = {row.pop("appointment_id"): row for row in self._rows("scheduling", _APPOINTMENTS, ids=ids)}
        return {one: Expected(**row, **visits.get(one, {})) for one, row in rows.items()}

    def _with_number(self, numbers: list[str]) -> dict[str, set[str]]:
        patients: dict[str, set[str]] = {}
        for row in self._rows("records", _WITH_NUMBER, numbers=numbers):
            patients.setdefault(row["number"], set()).add(row["patient_id"])
        return patients

    def _new(self, what: str) -> set[str]:
        return self._ids(what) - self._before[what]

    def _ids(self, what: str) -> set[str]:
        return {row["id"] for row in self._rows(_TABLES[what], f"SELECT {what}_id::text AS id FROM {what}s")}


def expected_of(operations: Iterable[Operation]) -> dict[str, Expected]:
    """By appointment id; the writes of one appointment stand in the order in which they were asked for."""
    expected: dict[str, Expected] = {}
    for one in operations:
        for told in told_by(one):
            expected.setdefault(told.appointment_id, Expected()).then(told)
    return expected


def _told(kind: str, what: str, which: Collection[str]) -> Iterator[Difference]:
    if which:
        yield kind, f"{len(which)} {what}: {', '.join(sorted(which)[:3])}"


_TABLES = {"appointment": "scheduling", "patient": "records"}
_APPOINTMENTS = """
SELECT appointment_id::text, start_at, status, version FROM appointments WHERE appointment_id = ANY(%(ids)s::uuid[])
"""
_ENCOUNTERS = """
SELECT appointment_id::text, count(*) AS check_ins, count(*) FILTER (WHERE status = 'finished') AS finished
FROM encounters WHERE appointment_id = ANY(%(ids)s::uuid[]) GROUP BY appointment_id
"""
_PATIENTS_OF = "SELECT patient_id::text FROM appointments WHERE appointment_id = ANY(%(ids)s::uuid[])"
_WITH_NUMBER = "SELECT number, patient_id::text FROM patient_phones WHERE number = ANY(%(numbers)s)"
_TEXTED = "SELECT DISTINCT appointment_id::text AS id FROM texts WHERE appointment_id = ANY(%(ids)s::uuid[])"
_OPTED_OUT = "SELECT number FROM opt_outs WHERE opted_out"
