"""An absence against those who book, move and cancel at the same moment; accepts of one time. Nobody is forgotten."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fix_absences import EIGHT, HALF_HOUR, NOON
from fix_scheduling import WAITING, all_at_once

from services.scheduling import operations
from shared.database import unit_of_work
from shared.errors import DomainError

# Visits that lie in a standing absence and wait on no list; places on a list of visits that do not.
UNLISTED = (
    "SELECT appointment_id FROM appointments a JOIN absences b ON undone_at IS NULL AND start_at < until_at"
    " AND end_at > from_at AND (b.practitioner_id = a.practitioner_id OR b.site_id = a.site_id)"
    " WHERE status IN ('booked', 'proposed') AND NOT EXISTS (SELECT FROM reschedules r"
    " WHERE r.appointment_id = a.appointment_id AND state IN ('offered', 'declined', 'to-call'))"
)
IN_VAIN = (
    "SELECT r.reschedule_id FROM reschedules r JOIN appointments a USING (appointment_id)"
    " JOIN absences b USING (absence_id) WHERE state IN ('offered', 'declined', 'to-call')"
    " AND NOT (a.status IN ('booked', 'proposed') AND a.start_at < until_at AND a.end_at > from_at)"
)


def outcome(act: Any) -> str:
    """What became of it: `done`, or why not. Any other error is one."""
    try:
        act()
    except DomainError as refused:
        return refused.slug
    return "done"


def must_add_up(sick_day: Any) -> None:
    assert sick_day.rows(UNLISTED) == []
    assert sick_day.rows(IN_VAIN) == []


@pytest.mark.parametrize("verb", ["mark", "close"])
def test_what_is_booked_just_before_is_on_the_list_and_what_comes_after_is_refused(sick_day: Any, verb: str) -> None:
    """As it comes, in a crowd; the three tests below hold one of two back."""

    def act(turn: int) -> str:
        if turn % 25 == 12:
            return outcome(getattr(sick_day, verb))
        return outcome(lambda: sick_day.clinic.book(EIGHT + timedelta(minutes=30 * (turn % 8), days=turn // 25)))

    found = all_at_once(act, 75)
    assert set(found) <= {"done", "appointment-overlaps", "outside-working-hours"}
    must_add_up(sick_day)


def test_an_absence_among_moves_cancellations_and_reinstatements_leaves_nobody_out(sick_day: Any) -> None:
    """Also without a deadlock."""
    visits = sick_day.visits(16)

    def act(turn: int) -> str:
        visit = visits[turn % 16].appointment_id
        steps = {
            0: lambda: sick_day.clinic.move(visit, NOON + HALF_HOUR * (turn % 10)),
            1: lambda: sick_day.clinic.cancel(visit),
            2: lambda: sick_day.clinic.one(operations.reinstate_appointment, visit),
            3: sick_day.mark,
            4: lambda: sick_day.clinic.move(visit, EIGHT + HALF_HOUR * (turn % 8)),
        }
        return outcome(steps[turn % 5])

    all_at_once(act, 100, together=20)
    must_add_up(sick_day)


class HeldBack:
    """One of two transactions stands just before its commit until the other waits for it, or is through."""

    def __init__(self, sick_day: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self._sick_day = sick_day
        self._stands, self._may_go = threading.Event(), threading.Event()
        monkeypatch.setattr(unit_of_work, "failpoint", self._failpoint)

    def _failpoint(self, name: str) -> None:
        if name == "uow.before-commit" and threading.current_thread().name.startswith("first"):
            self._stands.set()
            assert self._may_go.wait(30)

    def run(self, first: Any, second: Any) -> None:
        with ThreadPoolExecutor(1, "first") as one, ThreadPoolExecutor(1, "second") as two:
            ahead = one.submit(outcome, first)
            assert self._stands.wait(30)
            behind = two.submit(outcome, second)
            while not behind.done() and not self._sick_day.rows(WAITING):
                time.sleep(0.01)
            self._may_go.set()
            assert ahead.result(30) == "done"
            behind.result(30)


@pytest.mark.parametrize("verb", ["mark", "close"])
def test_an_absence_waits_for_a_booking_that_is_about_to_commit_and_lists_it(
    sick_day: Any, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    """Seen red by: an absence (a closure) that takes no resource's lock before it looks."""
    HeldBack(sick_day, monkeypatch).run(lambda: sick_day.clinic.book(EIGHT), getattr(sick_day, verb))
    assert len(sick_day.listed()) == 1
    must_add_up(sick_day)


def test_a_booking_that_comes_after_an_absence_is_refused(sick_day: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen red by: an absence that takes no resource's lock."""
    HeldBack(sick_day, monkeypatch).run(sick_day.mark, lambda: sick_day.clinic.book(EIGHT))
    assert sick_day.rows("SELECT count(*) FROM bookings") == [(0,)]


def test_a_cancellation_that_comes_after_an_absence_is_off_its_list(
    sick_day: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red by: a cancellation without the resource's lock."""
    (visit,) = sick_day.visits(1)
    HeldBack(sick_day, monkeypatch).run(sick_day.mark, lambda: sick_day.clinic.cancel(visit.appointment_id))
    assert [each["state"] for each in sick_day.listed()] == ["cancelled"]
    must_add_up(sick_day)


@pytest.mark.requirement("5g")
def test_ten_who_mark_one_absence_at_once_make_one_list(sick_day: Any) -> None:
    """Seen red by: looking for a standing absence before the lock."""
    sick_day.visits(8)
    found = all_at_once(lambda _: sick_day.mark()["absence_id"], 10, together=10)
    assert len(set(found)) == 1
    assert sick_day.rows("SELECT count(*), count(DISTINCT appointment_id) FROM reschedules") == [(8, 8)]
    assert sick_day.rows("SELECT count(*) FROM outbox WHERE type = 'reschedule-offered'") == [(8,)]


@pytest.mark.requirement("5f")
def test_of_eight_who_accept_one_time_one_wins_and_the_others_are_told_and_stay(sick_day: Any) -> None:
    """All eight rows are given the same first proposal. Seen red by: no lock and no constraint."""
    sick_day.visits(8)
    absence = sick_day.mark()
    sick_day.write("UPDATE reschedules SET proposals = (SELECT proposals FROM reschedules ORDER BY start_at LIMIT 1)")
    listed = sick_day.listed(absence)
    found = all_at_once(lambda turn: outcome(lambda: sick_day.accept(listed[turn])), 8, together=8)
    assert sorted(found) == ["done", *["proposal-taken"] * 7]
    tally = sick_day.tally(absence)
    assert (tally["moved"], tally["offered"], tally["touched"]) == (1, 7, 8)
    assert sick_day.rows("SELECT count(*) FROM outbox WHERE type = 'appointment-rescheduled'") == [(1,)]
    must_add_up(sick_day)


@pytest.mark.requirement("5f")
def test_of_two_who_answer_for_one_visit_one_wins(sick_day: Any) -> None:
    """Seen red by: `_same` left out."""
    sick_day.visits(1)
    (listed,) = sick_day.listed(sick_day.mark())
    found = all_at_once(lambda turn: outcome(lambda: sick_day.accept(listed, turn % 3 + 1)), 6, together=6)
    assert set(found) <= {"done", "reschedule-settled", "stale-version"}
    assert found.count("done") == 1
    assert sick_day.told(listed["appointment_id"]) == ["appointment-booked", "appointment-rescheduled"]


@pytest.mark.requirement("5h")
def test_at_every_moment_the_tally_adds_up_while_many_answer(sick_day: Any) -> None:
    """Read again and again by a fourth of those who act. Seen red by: a tally without who declined."""
    sick_day.visits(8)
    absence = sick_day.mark()
    listed = sick_day.listed(absence)
    torn: list[Any] = []

    def act(turn: int) -> None:
        place = listed[turn % 8]
        steps = (sick_day.accept, sick_day.decline, sick_day.to_call, sick_day.cancel)
        if turn % 4 == 3:
            tally = sick_day.tally(absence)
            parts = sum(tally[name] for name in ("moved", "offered", "declined", "to_call", "cancelled"))
            torn.extend([tally] if not parts == tally["touched"] == 8 else [])
        else:
            outcome(lambda: steps[turn % 5 % 4](place))

    all_at_once(act, 60, together=20)
    assert torn == []
    must_add_up(sick_day)
