"""What was acknowledged, held against rows: the judge of a random run sees what is lost and what is too much."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from expected import Acknowledged

START, OTHER = "2026-11-26T15:00:00Z", datetime(2026, 11, 26, 16, tzinfo=UTC)
ROW = {"appointment_id": "a", "status": "fulfilled", "start_at": datetime(2026, 11, 26, 15, tzinfo=UTC)}
Changed = Callable[[dict[str, list[dict[str, Any]]]], object]


@pytest.fixture
def acknowledged() -> Acknowledged:
    """One visit, booked and finished; one number that opted out."""
    made, visit = Acknowledged(), {"appointment_id": "a", "status": "booked", "start_at": START, "patient_id": "p"}
    made.visit(visit)
    made.finish(visit, "e")
    made.opt_out("+1")
    return made


def rows() -> dict[str, list[dict[str, Any]]]:
    return {
        "appointments": [dict(ROW)],
        "encounters": [{"encounter_id": "e"}],
        "patients": [{"patient_id": "p"}, {"patient_id": "another"}],
        "opt_outs": [{"number": "+1"}],
    }


def differences(acknowledged: Acknowledged, held: dict[str, list[dict[str, Any]]]) -> tuple[list[str], list[str]]:
    return acknowledged.differences(lambda _service, statement: held[statement.split(" FROM ")[1].split()[0]])


def test_where_everything_is_as_it_was_said_nothing_is_found(acknowledged: Acknowledged) -> None:
    assert differences(acknowledged, rows()) == ([], [])


@pytest.mark.parametrize(
    ("change", "lost", "unexpected"),
    [
        (lambda held: held["appointments"].clear(), "1 appointments that were acknowledged: a", None),
        (
            lambda held: held["appointments"][0].update(start_at=OTHER),
            (
                "1 appointments that are not as was said last: a (fulfilled at 2026-11-26T15:00:00Z) is (fulfilled at"
                " 2026-11-26T16:00:00Z)"
            ),
            None,
        ),
        (lambda held: held["encounters"].clear(), "1 finished visits: e", None),
        (lambda held: held["patients"].pop(0), "1 patients: p", None),
        (lambda held: held["opt_outs"].clear(), "1 opt-outs: +1", None),
        (
            lambda held: held["appointments"].append({**ROW, "appointment_id": "b"}),
            None,
            "1 appointments that nobody was told of: b",
        ),
        (
            lambda held: held["encounters"].append({"encounter_id": "f"}),
            None,
            "1 finished visits that nobody was told of: f",
        ),
    ],
)
def test_what_is_lost_and_what_is_too_much_is_named(
    acknowledged: Acknowledged, change: Changed, lost: str | None, unexpected: str | None
) -> None:
    held = rows()
    change(held)
    assert differences(acknowledged, held) == ([lost] if lost else [], [unexpected] if unexpected else [])
