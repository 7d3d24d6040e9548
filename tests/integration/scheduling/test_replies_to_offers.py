"""A patient's yes or no by text answers the offer that her text named, once, as an answer at the desk would."""

from datetime import timedelta
from typing import Any

import pytest
from fix_waitlist import NINE, Waitlist, within_the_week

from shared.events.notifications import ReplyReceived
from shared.ids import new_id
from tests.integration.scheduling.test_following import told
from tests.integration.scheduling.test_replies import follow_replies


def reply_to(offer: Any, meaning: str = "confirm", **more: Any) -> ReplyReceived:
    said: dict[str, Any] = {
        "reply_id": new_id(),
        "version": 1,
        "meaning": meaning,
        "answers": "waitlist-offer",
        "text_id": new_id(),
        "site_id": offer["site_id"],
        "patient_id": offer["patient_id"],
        "appointment_id": offer["appointment_id"],
        "start_at": offer["start_at"],
        "received_at": offer["offered_at"],
        "asked_id": offer["offer_id"],
    }
    return ReplyReceived(**said | more)


def replied(waitlist: Waitlist, *replies: ReplyReceived) -> None:
    told(waitlist.clinic, follow_replies, replies)


def offered(waitlist: Waitlist, full: list[Any], *entries: Any) -> list[Any]:
    """The offers of the first half hour, which has become free, in the order of `entries`."""
    waitlist.clinic.cancel(full[0].appointment_id)
    waitlist.work()
    offers = [waitlist.open_offer(entry) for entry in entries]
    assert None not in offers
    return offers


@pytest.mark.requirement("28c")
def test_a_yes_books_the_time_once_however_often_it_is_told(waitlist: Waitlist, full: list[Any]) -> None:
    """Seen red by: replies to offers passed over."""
    entry = waitlist.add(**within_the_week())
    [offer] = offered(waitlist, full, entry)
    replied(waitlist, reply_to(offer), reply_to(offer))
    replied(waitlist, reply_to(offer))
    assert waitlist.state(entry) == "booked"
    assert waitlist.told(offer["offer_id"]) == ["waitlist-offered", "waitlist-accepted"]
    [booked] = waitlist.rows(f"SELECT start_at, status FROM appointments WHERE patient_id = '{entry.patient_id}'")
    assert (booked["start_at"], booked["status"]) == (NINE, "booked")


@pytest.mark.requirement("28g")
def test_a_yes_moves_the_later_visit_which_is_offered_in_turn(waitlist: Waitlist, full: list[Any]) -> None:
    """Seen red by: replies to offers passed over."""
    entry, next_one = waitlist.add(visit=full[3]), waitlist.add(visit=full[5])
    [offer] = offered(waitlist, full, entry)
    replied(waitlist, reply_to(offer))
    with waitlist.clinic.uow() as uow:
        moved = uow.appointments.read(full[3].appointment_id)
    assert (moved.start_at, moved.confirmed_at) == (NINE, None)
    waitlist.work()
    found = waitlist.open_offer(next_one)
    assert found is not None
    assert found["start_at"] == full[3].start_at


@pytest.mark.requirement("28e")
def test_a_no_is_kept_and_the_next_in_line_is_asked(waitlist: Waitlist, full: list[Any]) -> None:
    """Seen red by: a decline passed over."""
    first, second = waitlist.add(priority=1, **within_the_week()), waitlist.add(**within_the_week())
    [offer] = offered(waitlist, full, first)
    replied(waitlist, reply_to(offer, "decline"), reply_to(offer))
    assert waitlist.told(offer["offer_id"]) == ["waitlist-offered", "waitlist-declined"]
    waitlist.work()
    assert waitlist.open_offer(first) is None
    assert waitlist.open_offer(second) is not None
    assert waitlist.state(first) == "waiting"


@pytest.mark.requirement("28c")
def test_of_a_group_that_says_yes_in_one_batch_one_has_the_time_and_the_others_lose(
    waitlist: Waitlist, full: list[Any]
) -> None:
    """Seen red by: a refusal that takes the whole batch along."""
    waitlist.policy("first-come")
    entries = [waitlist.add(**within_the_week()) for _ in range(3)]
    other = waitlist.clinic.book(NINE + timedelta(days=14))
    offers = offered(waitlist, full, *entries)
    confirm = reply_to(offers[0], answers="appointment", asked_id=None, appointment_id=other.appointment_id)
    confirm = ReplyReceived(**{**vars(confirm), "start_at": other.start_at})
    replied(waitlist, *(reply_to(each) for each in offers), confirm)
    assert sorted(each["state"] for each in waitlist.offers()) == ["accepted", "lost", "lost"]
    assert sorted(waitlist.state(entry) for entry in entries) == ["booked", "waiting", "waiting"]
    with waitlist.clinic.uow() as uow:
        assert uow.appointments.read(other.appointment_id).confirmed_by == "patient"


def test_a_yes_that_comes_too_late_ends_the_offer_and_the_patient_goes_on_waiting(
    waitlist: Waitlist, full: list[Any]
) -> None:
    """The job has not closed it yet. Seen red by: an offer left open that was refused."""
    entry = waitlist.add(**within_the_week())
    [offer] = offered(waitlist, full, entry)
    waitlist.pass_by(minutes=16)
    replied(waitlist, reply_to(offer))
    assert waitlist.told(offer["offer_id"]) == ["waitlist-offered", "waitlist-expired"]
    assert waitlist.state(entry) == "waiting"


def test_a_yes_to_a_time_that_somebody_at_the_desk_was_given_loses_it(waitlist: Waitlist, full: list[Any]) -> None:
    """First come nothing is held. Seen red by: the refusal parked."""
    waitlist.policy("first-come")
    entry = waitlist.add(**within_the_week())
    [offer] = offered(waitlist, full, entry)
    waitlist.clinic.book(NINE)
    replied(waitlist, reply_to(offer))
    assert waitlist.told(offer["offer_id"]) == ["waitlist-offered", "waitlist-lost"]
    assert waitlist.state(entry) == "waiting"
