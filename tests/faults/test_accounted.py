"""What was acknowledged, held against rows: the judge of a random run sees what is lost and what is too much."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import accounted
import pytest
from accounted import Accounts
from history import History, Json

START = "2026-11-26T15:00:00Z"
THERE, OTHER = (datetime(2026, 11, 26, hour, tzinfo=UTC) for hour in (15, 16))
Held = dict[str, list[Json]]
OF_NEWCOMERS, OF_VISITS, APPOINTMENTS, PATIENTS, ENCOUNTERS, OPT_OUTS = (
    accounted._WITH_NUMBER,
    accounted._PATIENTS_OF,
    accounted._APPOINTMENTS,
    "SELECT patient_id::text AS id FROM patients",
    accounted._ENCOUNTERS,
    accounted._OPTED_OUT,
)
IDS = "SELECT appointment_id::text AS id FROM appointments"


@pytest.fixture
def told() -> History:
    """A newcomer's visit, booked, checked in and finished; a newcomer who was refused; a number that opted out."""
    history, visit = History(), {"appointment_id": "a", "start_at": START}
    for name, answer in (("book", visit), ("repeat", visit), ("check-in", visit), ("finish", {"appointment_id": "a"})):
        body = {"new_patient": {"phone": "+1"}} if name == "book" else {}
        history.settled(history.invoked("desk", name, "", body), 200, "", answer)
    refused = history.invoked("desk", "book", "", {"new_patient": {"phone": "+2"}})
    history.settled(refused, 409, "appointment-overlaps", {})
    history.settled(history.invoked("desk", "stop", "+1"), 200, "", {})
    return history


def held() -> Held:
    """As was said. Whoever was refused may have been registered before."""
    return {
        IDS: [{"id": "a"}],
        PATIENTS: [{"id": "p"}, {"id": "refused"}, {"id": "before"}],
        APPOINTMENTS: [{"appointment_id": "a", "start_at": THERE, "status": "fulfilled", "version": 3}],
        ENCOUNTERS: [{"appointment_id": "a", "check_ins": 1, "finished": 1}],
        OF_VISITS: [{"patient_id": "p"}],
        OF_NEWCOMERS: [{"number": "+1", "patient_id": "p"}, {"number": "+2", "patient_id": "refused"}],
        OPT_OUTS: [{"number": "+1"}],
    }


def differences(told: History, now: Held) -> tuple[list[str], list[str]]:
    before = {IDS: [], PATIENTS: [{"id": "before"}]}
    tables: list[dict[str, Any]] = [before]
    accounts = Accounts(lambda _service, statement, **_params: [dict(row) for row in tables[-1].get(statement, [])])
    tables.append(now)
    return accounts.differences(told.operations)


def test_where_everything_is_as_it_was_said_nothing_is_found(told: History) -> None:
    assert differences(told, held()) == ([], [])


@pytest.mark.parametrize(
    ("change", "lost", "repeated"),
    [
        (lambda now: now[APPOINTMENTS].clear(), "1 acknowledged appointments that are not there: a", None),
        (lambda now: now[APPOINTMENTS][0].update(start_at=OTHER), "1 appointments that are not as was said: a", None),
        (lambda now: now[APPOINTMENTS][0].update(version=2), "1 appointments that are not as was said: a", None),
        (lambda now: now[ENCOUNTERS].clear(), "1 appointments that are not as was said: a", None),
        (lambda now: now[OF_NEWCOMERS].pop(0), "1 newcomers who are no patient: +1", None),
        (lambda now: now[OPT_OUTS].clear(), "1 opt-outs: +1", None),
        (
            lambda now: now[APPOINTMENTS][0].update(version=4),
            None,
            "1 appointments to which more was done than was said: a",
        ),
        (
            lambda now: now[ENCOUNTERS][0].update(finished=2),
            None,
            "1 appointments to which more was done than was said: a",
        ),
        (lambda now: now[IDS].append({"id": "b"}), None, "1 appointments that nobody was told of: b"),
        (
            lambda now: now[OF_NEWCOMERS].append({"number": "+2", "patient_id": "q"}),
            None,
            "1 newcomers who are more than one patient: +2",
        ),
        (lambda now: now[PATIENTS].append({"id": "q"}), None, "1 patients that nobody was told of: q"),
    ],
)
def test_what_is_lost_and_what_is_too_much_is_named(
    told: History, change: Callable[[Held], object], lost: str | None, repeated: str | None
) -> None:
    now = held()
    change(now)
    found = differences(told, now)
    for sentences, wanted in zip(found, (lost, repeated), strict=True):
        assert [one.partition(" acknowledged Expected")[0] for one in sentences] == ([wanted] if wanted else [])
