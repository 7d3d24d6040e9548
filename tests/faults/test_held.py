"""Time that is held: the judge sees when another got it, and nothing where nobody can know."""

from typing import Any

import pytest
from held import taken_while_held
from history import History, Operation

WHOSE, OTHERS = "p", "q"


def operation(history: History, name: str, began: float, settled: float, **more: Any) -> Operation:
    """Done in that time, by desk a unless it is said otherwise."""
    start, end = more.pop("time", ("10:00", "10:15"))
    answer = {
        "practitioner_id": more.pop("practitioner_id", WHOSE),
        "start_at": f"2026-11-27T{start}:00Z",
        "end_at": f"2026-11-27T{end}:00Z",
        "status": more.pop("status", "booked"),
    }
    answer |= {"hold_id": "h"} if name == "hold" else {}
    one = history.invoked(more.pop("desk", "b"), name, more.pop("subject", ""), more.pop("body", {}))
    history.settled(one, more.pop("answered", 200), "", answer)
    one.began, one.settled = began, settled
    return one


@pytest.fixture
def history() -> History:
    """Desk a holds ten o'clock for five minutes from second 1 on, and books it at second 60."""
    told = History()
    operation(told, "hold", 0.0, 1.0, desk="a", status="held", body={"minutes": 5})
    operation(told, "book-held", 60.0, 61.0, desk="a", body={"hold_id": "h"})
    return told


@pytest.mark.parametrize(
    "other",
    [
        {"name": "book"},
        {"name": "move", "time": ("10:10", "10:25")},
        {"name": "walk-in", "status": "arrived"},
        {"name": "propose", "status": "proposed"},
    ],
)
def test_what_is_held_and_given_to_another_is_named(history: History, other: dict[str, Any]) -> None:
    """Seen red by: a judge of bookings alone; of the same start alone."""
    operation(history, other.pop("name"), 20.0, 21.0, **other)
    assert len(list(taken_while_held(history.operations))) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"practitioner_id": OTHERS},
        {"time": ("10:15", "10:30")},
        {"status": "cancelled"},
        {"answered": 409},
        {"began": 0.5},  # it may have been before the hold
        {"settled": 60.5},  # or after what was held had been booked
    ],
)
def test_what_may_have_been_right_is_not_named(history: History, other: dict[str, Any]) -> None:
    """Seen red by: a hold that counts from when it was asked for."""
    times = {"began": 20.0, "settled": 21.0} | {key: other.pop(key) for key in ("began", "settled") if key in other}
    operation(history, "book", **times, **other)
    assert list(taken_while_held(history.operations)) == []


def test_a_hold_that_nobody_ends_holds_for_its_minutes_and_less_where_the_clock_is_set() -> None:
    """Seen red by: a hold without an end; a clock that nobody asks for."""
    history = History()
    operation(history, "hold", 0.0, 1.0, desk="a", status="held", body={"minutes": 1})
    operation(history, "book", 30.0, 31.0)
    assert len(list(taken_while_held(history.operations))) == 1
    assert list(taken_while_held(history.operations, [(20.0, 40.0)])) == []
    operation(history, "book", 59.0, 60.0)
    assert len(list(taken_while_held(history.operations))) == 1


def test_a_hold_that_was_given_up_is_free_from_the_moment_in_which_that_was_asked_for() -> None:
    history = History()
    operation(history, "hold", 0.0, 1.0, desk="a", status="held", body={"minutes": 5})
    operation(history, "release", 10.0, 12.0, desk="a", subject="/v1/holds/h", status="released")
    operation(history, "book", 9.0, 11.0)
    assert list(taken_while_held(history.operations)) == []
