"""Holds, series, absences, the waitlist and hours, held against rows that are not as was said."""

from typing import Any

import accounted
import pytest
from accounted import Accounts
from accounted_lists import KINDS
from history import History, Json

Held = dict[str, list[Json]]
START, EARLIER = "2026-12-01T15:00:00Z", "2026-11-30T15:00:00Z"
TALLY = {"touched": 2, "withdrawn": 0}


def done(history: History, name: str, answer: Json, body: Json | None = None, about: Json | None = None) -> None:
    history.settled(history.invoked("desk", name, "", body, about), 200, "", answer)


@pytest.fixture
def told() -> History:
    """One of each kind."""
    history = History()
    done(history, "hold", {"hold_id": "h"}, {"minutes": 5})
    done(history, "release", {"hold_id": "h"})
    visits = [{"appointment_id": each, "status": "booked", "start_at": START} for each in ("s1", "s2")]
    done(history, "book-series", {"series_id": "s", "appointments": visits})
    done(history, "book", {"appointment_id": "v", "start_at": START})
    done(history, "absence", {"absence_id": "a", "tally": TALLY})
    listed = {"reschedule_id": "r", "state": "moved", "start_at": START}
    done(history, "accept-proposal", listed, about={"appointment_id": "v", "start_at": EARLIER})
    done(history, "wait", {"entry_id": "e"})
    offer = {"offer_id": "o", "entry_id": "e", "booked_id": "w", "start_at": EARLIER}
    done(history, "accept-offer", offer, about={"appointment_id": "s2"})
    hours = {"practitioner_id": "p", "lanes": 2, "weekly": [{"starts": "07:00", "ends": "12:30"}]}
    done(history, "hours", {}, hours)
    done(history, "leave", {"exception_id": "x"})
    return history


def held() -> Held:
    """As was said; the later visit is cancelled once, and the earlier one is booked."""
    rows = {
        "holds": ("h", "released"),
        "series": ("s", "2 visits"),
        "absences": ("a", "standing, 2 listed"),
        "visits on lists": ("r", "moved"),
        "entries of the waitlist": ("e", "booked"),
        "offers": ("o", "accepted"),
        "exceptions of working time": ("x", "there"),
        "hours": ("p", "2 lanes, 1 days, 330 minutes"),
    }
    now: Held = {KINDS[kind].states: [{"id": id_, "state": state}] for kind, (id_, state) in rows.items()}
    now[accounted._APPOINTMENTS] = [
        {"appointment_id": id_, "start_at": accounted.datetime.fromisoformat(at), "status": status, "version": version}
        for id_, at, status, version in (
            ("s1", START, "booked", 1),
            ("s2", START, "cancelled", 2),
            ("v", EARLIER, "booked", 2),
            ("w", EARLIER, "booked", 1),
        )
    ]
    return now


def differences(told: History, now: Held) -> list[str]:
    tables: list[Held] = [{}]
    accounts = Accounts(lambda _service, statement, **_params: [dict(row) for row in tables[-1].get(statement, [])])
    tables.append(now)
    lost, repeated = accounts.differences(told.operations)
    return lost + repeated


def test_where_each_is_as_it_was_said_nothing_is_found(told: History) -> None:
    assert differences(told, held()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_that_is_otherwise_or_not_there_is_named(told: History, kind: str) -> None:
    """Seen red by: an expectation of what is there alone."""
    for rows in ([], [{"id": held()[KINDS[kind].states][0]["id"], "state": "otherwise"}]):
        now = held() | {KINDS[kind].states: rows}
        (found,) = differences(told, now)
        assert found.startswith(f"1 {kind} that are not as was said: ")


@pytest.mark.parametrize("kind", [kind for kind, one in KINDS.items() if one.every])
def test_one_that_nobody_was_told_of_is_named(told: History, kind: str) -> None:
    known = [{"id": id_} for id_ in ("h", "s", "a", "e")]
    assert differences(told, held() | {KINDS[kind].every: known}) != []
    now = held() | {KINDS[kind].every: [{"id": held()[KINDS[kind].states][0]["id"]}, {"id": "other"}]}
    assert differences(told, now) == [f"1 {kind} that nobody was told of: other"]


@pytest.mark.parametrize(
    ("appointment_id", "changes"),
    [
        ("s2", {"status": "booked", "version": 1}),  # the later visit was not given back
        ("s2", {"version": 3}),  # or twice
        ("v", {"start_at": accounted.datetime.fromisoformat(START)}),  # moved elsewhere than was proposed
        ("w", {"status": "cancelled", "version": 2}),
    ],
)
def test_a_visit_that_a_list_or_an_offer_left_otherwise_is_named(
    told: History, appointment_id: str, changes: dict[str, Any]
) -> None:
    """Seen red by: an accepted offer that says nothing of the later visit."""
    now = held()
    next(row for row in now[accounted._APPOINTMENTS] if row["appointment_id"] == appointment_id).update(changes)
    (found,) = differences(told, now)
    assert appointment_id in found


def test_one_date_of_a_series_that_is_not_there_is_named(told: History) -> None:
    now = held()
    now[accounted._APPOINTMENTS].pop(0)
    assert differences(told, now) == ["1 acknowledged appointments that are not there: s1"]


def test_a_text_about_what_was_only_proposed_is_named(told: History) -> None:
    """Of what was accepted it is right. Seen red by: everything proposed."""
    done(told, "propose", {"appointment_id": "n", "start_at": START})
    now = held()
    now[accounted._APPOINTMENTS].append(
        {
            "appointment_id": "n",
            "start_at": accounted.datetime.fromisoformat(START),
            "status": "proposed",
            "version": 1,
        }
    )
    assert differences(told, now | {accounted._TEXTED: [{"id": "n"}]}) == [
        "1 visits of which nobody should be texted: n"
    ]
