"""Two who answer at the same moment, and answers that race with bookings and with time itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fix_messaging import until
from fix_scheduling import WAITING, all_at_once, asker_of
from fix_waitlist import Waitlist

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.errors import AppointmentOverlaps, NotWaiting, OfferClosed
from services.scheduling.domain.resource_lock import resource_lock
from shared.database.idempotency import AlreadyAnswered, CommandKey, hash_of
from shared.errors import Refused

NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
ONE_WEEK = {"until_on": NINE.date() + timedelta(days=1)}


@pytest.fixture
def freed(waitlist: Waitlist) -> Waitlist:
    """A full Tuesday morning whose first half hour becomes free."""
    waitlist.hours(2)
    first = waitlist.fill(NINE, 6)[0]
    waitlist.clinic.cancel(first.appointment_id)
    return waitlist


def outcome(act: Any) -> str:
    try:
        act()
    except Refused as refused:
        return refused.slug
    return "done"


def taken(waitlist: Waitlist) -> int:
    (row,) = waitlist.rows(f"SELECT count(*) AS n FROM appointments WHERE start_at = '{NINE}' AND status = 'booked'")
    return int(row["n"])


@pytest.mark.requirement("28c")
def test_two_accepts_of_one_offer_book_once(freed: Waitlist) -> None:
    """Seen red by: the offer read without its lock."""
    entry = freed.add(**ONE_WEEK)
    freed.work()
    offer_id = freed.open_offer(entry)["offer_id"]
    assert (
        sorted(all_at_once(lambda _: outcome(lambda: freed.accept(offer_id)), 10, 10))
        == ["done"] + [OfferClosed.slug] * 9
    )
    assert (taken(freed), freed.told(offer_id)) == (1, ["waitlist-offered", "waitlist-accepted"])


@pytest.mark.requirement("28c")
def test_of_a_group_that_accepts_at_once_one_wins_and_the_others_are_told(freed: Waitlist) -> None:
    """Seen red by: others of the group whose offers stay open."""
    freed.policy("first-come", group_size=8)
    entries = [freed.add(**ONE_WEEK) for _ in range(8)]
    assert freed.work() == 8
    offers: list[UUID] = [freed.open_offer(entry)["offer_id"] for entry in entries]
    found = all_at_once(lambda turn: outcome(lambda: freed.accept(offers[turn])), 8, 8)
    assert sorted(found) == ["done"] + [OfferClosed.slug] * 7
    assert taken(freed) == 1
    assert sorted(freed.told(offer_id)[-1] for offer_id in offers) == ["waitlist-accepted"] + ["waitlist-lost"] * 7
    assert sorted(freed.state(entry) for entry in entries) == ["booked"] + ["waiting"] * 7


@pytest.mark.requirement("28c")
def test_a_group_that_moves_its_visits_at_once_moves_one_of_them(waitlist: Waitlist) -> None:
    """Each locks his own later visit first. Seen red by: others of the group whose offers stay open."""
    waitlist.hours(2)
    full = waitlist.fill(NINE, 6)
    waitlist.policy("first-come", group_size=5)
    entries = [waitlist.add(visit=visit) for visit in full[1:]]
    waitlist.clinic.cancel(full[0].appointment_id)
    assert waitlist.work() == 5
    offers = [waitlist.open_offer(entry)["offer_id"] for entry in entries]
    found = all_at_once(lambda turn: outcome(lambda: waitlist.accept(offers[turn])), 5, 5)
    assert sorted(found) == ["done"] + [OfferClosed.slug] * 4
    assert taken(waitlist) == 1


def test_an_accept_races_with_bookings_of_the_same_time(freed: Waitlist) -> None:
    """The time is held, so the patient has it. Seen red by: an offer without its hold."""
    entry = freed.add(**ONE_WEEK)
    freed.work()
    offer_id = freed.open_offer(entry)["offer_id"]

    def act(turn: int) -> str:
        return outcome(lambda: freed.accept(offer_id) if turn == 0 else freed.clinic.book(NINE))

    found = all_at_once(act, 8, 8)
    assert (found[0], set(found[1:])) == ("done", {AppointmentOverlaps.slug})
    assert taken(freed) == 1


@pytest.mark.parametrize("turns", range(5))
def test_accept_decline_withdraw_and_expiry_at_once_leave_one_end(freed: Waitlist, turns: int) -> None:
    """Seen red by: an offer that is closed whatever its state."""
    first, second = freed.add(**ONE_WEEK), freed.add(**ONE_WEEK)
    freed.work()
    offer_id = freed.open_offer(first)["offer_id"]
    acts = [
        lambda: freed.accept(offer_id),
        lambda: freed.decline(offer_id),
        lambda: freed.withdraw(first),
        freed.work,
    ]
    if turns % 2:
        freed.pass_by(minutes=15)
    allowed = {"done", OfferClosed.slug, NotWaiting.slug, "offer-expired"}
    assert set(all_at_once(lambda turn: outcome(acts[turn]), 4, 4)) <= allowed
    freed.work()
    (ended,) = [offer for offer in freed.offers() if offer["offer_id"] == offer_id]
    assert ended["state"] != "offered"
    assert len(freed.told(offer_id)) == 2
    accepted = ended["state"] == "accepted"
    assert taken(freed) == int(accepted)
    assert (freed.open_offer(second) is None) == accepted


def test_an_accept_that_is_asked_again_under_its_key_gets_its_answer_also_at_once(freed: Waitlist) -> None:
    """Seen red by: a command without its key."""
    entry = freed.add(**ONE_WEEK)
    freed.work()
    offer_id = freed.open_offer(entry)["offer_id"]
    clinic, command = freed.clinic, commands.OneWaitlistOffer(offer_id=offer_id)
    key = CommandKey("user:ann", "accept_waitlist_offer", "once", hash_of({"offer_id": str(offer_id)}))

    def accept(_: int) -> str:
        uow = clinic.units.for_call(asker_of(), key=key, action="test")
        uow.dump_answer_with(lambda offer: {"state": offer.state})
        try:
            return operations.accept_waitlist_offer(command, uow, clinic.clock).state
        except AlreadyAnswered as before:
            return f"again {before.answer['state']}"

    found = all_at_once(accept, 6, 6)
    assert sorted(found) == ["accepted"] + ["again accepted"] * 5
    assert taken(freed) == 1


@pytest.mark.parametrize("end", ["decline", "withdraw", "expire"])
def test_who_waits_for_the_time_of_an_offer_has_locked_no_entry_yet(freed: Waitlist, end: str) -> None:
    """A booking locks the practitioner's time and then the patient's entry: so does whatever closes an offer.

    Seen red by: an offer that is closed with the time's lock after the entry's.
    """
    entry = freed.add(**ONE_WEEK)
    freed.work()
    offer_id = freed.open_offer(entry)["offer_id"]
    freed.pass_by(minutes=15 if end == "expire" else 1)
    acts = {"decline": lambda: freed.decline(offer_id), "withdraw": lambda: freed.withdraw(entry), "expire": freed.work}
    with ThreadPoolExecutor(1) as other, freed.clinic.uow() as uow:
        uow.lock(resource_lock(freed.clinic.practitioner_id))
        assert uow.waitlist_offers.read(offer_id).is_open  # the lock is taken with this question
        ending = other.submit(acts[end])
        until(lambda: freed.rows(WAITING))
        assert freed.rows(f"SELECT 1 FROM waitlist_entries WHERE entry_id = '{entry.entry_id}' FOR UPDATE NOWAIT")
        uow.commit()
        ending.result(timeout=30)
    assert freed.open_offer(entry) is None


def test_two_workers_offer_a_time_once_and_nobody_two(freed: Waitlist) -> None:
    """The resource's lock, the constraint on its time and the index of open offers each see to it alone."""
    entries = [freed.add(**ONE_WEEK) for _ in range(3)]
    all_at_once(lambda _: freed.work(), 4, 4)
    (offer,) = freed.offers()
    assert offer["entry_id"] == entries[0].entry_id
