"""Whatever happens on the waitlist: no time is offered to two one by one, and nobody is forgotten."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fix_waitlist import Waitlist
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shared.errors import Refused

NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
SLOTS = [NINE + n * HALF_HOUR for n in range(6)]
slots = st.integers(0, 5)
some = st.integers(0, 1000)
# Shrinking takes minutes: a run is shown as it was found.
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
modes = st.sampled_from(["one-by-one", "first-come"])


class Machine(RuleBasedStateMachine):
    """One Tuesday morning of six half hours. After each step `work` has done what it does."""

    waitlist: Waitlist

    @initialize(full=st.booleans(), mode=modes)
    def begin(self, full: bool, mode: str) -> None:
        self.offer_otherwise(mode)
        self.visits: list[Any] = []
        self.entries: list[Any] = []
        if full:
            self.visits = self.waitlist.fill(NINE, 6)

    @rule(slot=slots)
    def book(self, slot: int) -> None:
        with refusing():
            self.visits.append(self.waitlist.clinic.book(SLOTS[slot]))

    @precondition(lambda self: self.visits)
    @rule(which=some)
    def cancel(self, which: int) -> None:
        with refusing():
            self.waitlist.clinic.cancel(chosen(self.visits, which).appointment_id)

    @precondition(lambda self: self.visits)
    @rule(which=some, slot=slots)
    def move(self, which: int, slot: int) -> None:
        with refusing():
            self.waitlist.clinic.move(chosen(self.visits, which).appointment_id, SLOTS[slot])

    @rule(first=slots, more=st.sampled_from([0, 0, 1, 5]), priority=st.integers(0, 2), count=st.sampled_from([1, 3]))
    def wait_for_any_time(self, first: int, more: int, priority: int, count: int) -> None:
        """Three of them are more than a group."""
        hours = {"starts": 540 + 30 * first, "ends": 570 + 30 * min(first + more, 5)}
        for _ in range(count):
            self.entries.append(self.waitlist.add(until_on=NINE.date(), priority=priority, **hours))

    @precondition(lambda self: self.visits)
    @rule(which=some)
    def wait_for_an_earlier_time(self, which: int) -> None:
        with refusing():
            self.entries.append(self.waitlist.add(visit=chosen(self.visits, which), until_on=NINE.date()))

    @precondition(lambda self: self.waitlist.offers("offered"))
    @rule(which=some, yes=st.booleans())
    def answer(self, which: int, yes: bool) -> None:
        offer_id = chosen(self.waitlist.offers("offered"), which)["offer_id"]
        with refusing():
            (self.waitlist.accept if yes else self.waitlist.decline)(offer_id)

    @precondition(lambda self: self.waitlist.offers("offered"))
    @rule()
    def nobody_answers(self) -> None:
        self.waitlist.pass_by(minutes=16)

    @precondition(lambda self: self.entries)
    @rule(which=some)
    def withdraw(self, which: int) -> None:
        with refusing():
            self.waitlist.withdraw(chosen(self.entries, which))

    @rule(mode=modes)
    def offer_otherwise(self, mode: str) -> None:
        self.waitlist.policy(mode, group_size=2)

    @invariant()
    def holds(self) -> None:
        self.waitlist.work()
        open_offers = self.waitlist.offers("offered")
        held = [offer for offer in open_offers if offer["hold_id"]]
        times = [offer["start_at"] for offer in held] + sorted(
            {offer["start_at"] for offer in open_offers if not offer["hold_id"]}
        )
        assert len(times) == len(set(times)), "a time is offered to two, one by one"
        booked = self._booked()
        assert not {offer["start_at"] for offer in open_offers} & booked, "a time is offered that is taken"
        free = set(SLOTS) - booked - {offer["start_at"] for offer in open_offers}
        assert self._forgotten(free) == [], "somebody waits for a time that is free and not offered"

    def _booked(self) -> set[datetime]:
        rows = self.waitlist.rows("SELECT start_at FROM bookings WHERE appointment_id IS NOT NULL")
        return {row["start_at"].astimezone(UTC) for row in rows}

    def _forgotten(self, free: set[datetime]) -> list[Any]:
        """By a plain look at the tables."""
        waiting = self.waitlist.rows(
            "SELECT e.*, a.start_at AS visit_at, a.previous_start_at FROM waitlist_entries e"
            " LEFT JOIN appointments a USING (appointment_id)"
            " WHERE state = 'waiting' AND open_offer_id IS NULL"
        )
        no = self.waitlist.rows("SELECT entry_id, start_at FROM waitlist_offers WHERE state IN ('declined', 'expired')")
        said_no = {(row["entry_id"], row["start_at"]) for row in no}
        return [
            (one["entry_id"], slot)
            for one in waiting
            for slot in free
            if (one["entry_id"], slot) not in said_no and _fits(one, slot)
        ]


def _fits(one: dict[str, Any], slot: datetime) -> bool:
    minute = 540 + int((slot - NINE) / timedelta(minutes=1))
    within = (one["starts"] or 0) <= minute and minute + 30 <= (one["ends"] or 1440)
    earlier = one["visit_at"] is None or slot < one["visit_at"]
    return within and earlier and slot != one["previous_start_at"]


def chosen(among: list[Any], which: int) -> Any:
    return among[which % len(among)]


@contextmanager
def refusing() -> Iterator[None]:
    """What is refused changes nothing."""
    with suppress(Refused):
        yield


@pytest.fixture
def fresh(waitlist: Waitlist) -> Callable[[], Waitlist]:
    """The waitlist with nothing on it, for one run after another."""
    now = waitlist.clinic.clock.instant
    waitlist.hours(2)

    def emptied() -> Waitlist:
        waitlist.clinic.clock.instant = now
        tables = ("waitlist_offers", "waitlist_entries", "freed_times", "waitlist_policies", "bookings", "appointments")
        waitlist.rows(f"TRUNCATE {', '.join(tables)}")
        waitlist.hours(2)  # free time follows what is booked
        return waitlist

    return emptied


def test_no_time_is_offered_twice_and_nobody_is_forgotten(fresh: Callable[[], Waitlist]) -> None:
    """Seen red by: a group's last no that nobody sees."""

    class OfThisClinic(Machine):
        def __init__(self) -> None:
            super().__init__()
            self.waitlist = fresh()

    run_state_machine_as_test(
        OfThisClinic,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            phases=UNSHRUNK,
        ),
    )
