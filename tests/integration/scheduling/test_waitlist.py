"""What becomes free is offered to those who wait, in their order, and what they answer is done whole or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from fix_waitlist import HALF_HOUR, NINE, Waitlist, other_practitioner, other_site, within_the_week

from services.scheduling.domain.errors import AppointmentOverlaps, NotWaiting, OfferClosed, OfferExpired
from shared.ids import new_id


@pytest.mark.requirement("28g")
def test_who_takes_an_earlier_time_gives_his_own_to_the_next_and_so_on(waitlist: Waitlist, full: list[Any]) -> None:
    """A chain: one cancels, three move up. Seen red by: a visit that is cancelled and booked anew, and not moved."""
    clinic = waitlist.clinic
    third, fifth = waitlist.add(visit=full[2]), waitlist.add(visit=full[4])
    anybody = waitlist.add(**within_the_week())
    assert waitlist.work() == 0
    clinic.cancel(full[0].appointment_id)
    assert waitlist.work() == 1
    freed = [NINE, full[2].start_at, full[4].start_at]
    for entry, start_at in zip((third, fifth, anybody), freed, strict=True):
        (offer,) = waitlist.offers("offered")
        assert (offer["entry_id"], offer["start_at"]) == (entry.entry_id, start_at)
        waitlist.accept(offer["offer_id"])
        waitlist.work()
    assert waitlist.offers("offered") == []
    assert [waitlist.state(entry) for entry in (third, fifth, anybody)] == ["booked"] * 3
    with clinic.uow() as uow:
        moved = uow.appointments.read(full[2].appointment_id)
    assert (moved.status, moved.start_at, moved.previous_start_at) == ("booked", NINE, full[2].start_at)
    told = waitlist.rows(f"SELECT type FROM outbox WHERE aggregate_id = '{moved.appointment_id}' ORDER BY version")
    assert [row["type"] for row in told] == ["appointment-booked", "appointment-rescheduled"]


@pytest.mark.requirement("28a")
@pytest.mark.requirement("28b")
def test_of_thirty_who_wait_those_whom_it_fits_are_asked_in_order_each_with_a_hold(
    waitlist: Waitlist, full: list[Any]
) -> None:
    """Seen red by: the order without priority; a wish that is not asked; an offer without its hold."""
    clinic = waitlist.clinic
    unfit = [
        {"weekdays": (1, 3)},
        {"starts": 10 * 60},
        {"ends": 9 * 60},
        {"from_on": NINE.date() + timedelta(days=1)},
        {"notice_minutes": 26 * 60},
        {"practitioner_ids": (other_practitioner(waitlist),)},
        {"site_ids": (other_site(waitlist),)},
    ]
    for turn in range(20):
        waitlist.add(**within_the_week(**unfit[turn % len(unfit)]))
    fitting = [waitlist.add(**within_the_week(priority=turn % 2)) for turn in range(10)]
    clinic.cancel(full[0].appointment_id)
    asked = []
    for _ in range(10):
        assert waitlist.work() == 1
        (offer,) = waitlist.offers("offered")
        asked.append(offer["entry_id"])
        assert (offer["start_at"], offer["expires_at"]) == (NINE, clinic.clock.now() + timedelta(minutes=15))
        with pytest.raises(AppointmentOverlaps):
            clinic.book(NINE)
        waitlist.decline(offer["offer_id"])
    assert waitlist.work() == 0
    assert asked == [one.entry_id for one in fitting[1::2] + fitting[::2]]
    assert clinic.book(NINE).status == "booked"


@pytest.mark.requirement("28e")
def test_a_time_that_was_declined_is_not_offered_again_though_it_becomes_free_again(
    waitlist: Waitlist, full: list[Any]
) -> None:
    """Seen red by: forgetting declined offers."""
    entry = waitlist.add(**within_the_week())
    waitlist.clinic.cancel(full[0].appointment_id)
    waitlist.work()
    offer = waitlist.open_offer(entry)
    assert offer is not None
    waitlist.decline(offer["offer_id"])
    waitlist.clinic.cancel(waitlist.clinic.book(NINE).appointment_id)
    assert waitlist.work() == 0
    waitlist.clinic.cancel(full[1].appointment_id)
    assert waitlist.work() == 1
    assert waitlist.open_offer(entry)["start_at"] == NINE + HALF_HOUR
    assert waitlist.told(offer["offer_id"]) == ["waitlist-offered", "waitlist-declined"]


def test_an_offer_that_nobody_answers_goes_to_the_next_and_its_time_is_free_after_the_last(
    waitlist: Waitlist, full: list[Any]
) -> None:
    """Seen red by: an offer that is marked and keeps its hold; one that is accepted after its end."""
    first, second = (waitlist.add(**within_the_week()) for _ in range(2))
    waitlist.clinic.cancel(full[0].appointment_id)
    waitlist.work()
    offer = waitlist.open_offer(first)
    assert offer is not None
    waitlist.pass_by(minutes=15)
    with pytest.raises(OfferExpired):  # though the job has not been here
        waitlist.accept(offer["offer_id"])
    assert waitlist.work() == 1
    assert waitlist.told(offer["offer_id"]) == ["waitlist-offered", "waitlist-expired"]
    with pytest.raises(OfferClosed) as closed:
        waitlist.accept(offer["offer_id"])
    assert closed.value.details == {"state": "expired"}
    assert waitlist.open_offer(second) is not None
    waitlist.pass_by(minutes=15)
    assert waitlist.work() == 0
    assert waitlist.clinic.book(NINE).status == "booked"
    assert [waitlist.state(entry) for entry in (first, second)] == ["waiting", "waiting"]


@pytest.mark.requirement("28b")
def test_a_group_is_asked_at_once_without_a_hold_and_the_first_to_answer_has_it(
    waitlist: Waitlist, full: list[Any]
) -> None:
    """Seen red by: a group of one; others who keep an offer of a time that is gone."""
    waitlist.policy("first-come", group_size=3)
    entries = [waitlist.add(**within_the_week()) for _ in range(4)]
    waitlist.clinic.cancel(full[0].appointment_id)
    assert waitlist.work() == 3
    offers = [waitlist.open_offer(entry) for entry in entries]
    assert [offer and offer["hold_id"] for offer in offers] == [None, None, None, None]
    assert offers[3] is None
    waitlist.accept(offers[1]["offer_id"])
    with pytest.raises(OfferClosed) as closed:
        waitlist.accept(offers[0]["offer_id"])
    assert closed.value.details == {"state": "lost"}
    assert waitlist.work() == 0
    assert [waitlist.state(entry) for entry in entries] == ["waiting", "booked", "waiting", "waiting"]
    assert [waitlist.told(offer["offer_id"])[-1] for offer in offers[:3]] == [
        "waitlist-lost",
        "waitlist-accepted",
        "waitlist-lost",
    ]


def test_when_all_of_a_group_have_said_no_the_next_are_asked(waitlist: Waitlist, full: list[Any]) -> None:
    """Seen red by: a time that is looked at again only where it was held."""
    waitlist.policy("first-come", group_size=2)
    entries = [waitlist.add(**within_the_week()) for _ in range(3)]
    waitlist.clinic.cancel(full[0].appointment_id)
    assert waitlist.work() == 2
    waitlist.decline(waitlist.open_offer(entries[0])["offer_id"])
    assert waitlist.work() == 0
    waitlist.decline(waitlist.open_offer(entries[1])["offer_id"])
    assert waitlist.work() == 1
    assert waitlist.open_offer(entries[2])["start_at"] == NINE


def test_a_time_that_is_held_for_nobody_and_booked_by_somebody_else_is_lost_to_those_who_were_asked(
    waitlist: Waitlist, full: list[Any]
) -> None:
    """Seen red by: offers that outlive their time; an accept that books beside it."""
    waitlist.policy("first-come", group_size=2)
    entry = waitlist.add(**within_the_week())
    waitlist.clinic.cancel(full[0].appointment_id)
    waitlist.work()
    offer = waitlist.open_offer(entry)
    assert offer is not None
    waitlist.clinic.book(NINE)
    with pytest.raises(AppointmentOverlaps) as refused:
        waitlist.accept(offer["offer_id"])
    assert refused.value.details["next_free_times"]
    waitlist.work()
    assert waitlist.told(offer["offer_id"]) == ["waitlist-offered", "waitlist-lost"]
    assert waitlist.state(entry) == "waiting"


def test_what_is_free_already_is_offered_to_who_comes_to_wait(waitlist: Waitlist, full: list[Any]) -> None:
    """Seen red by: an entry that waits for the next cancellation."""
    waitlist.clinic.cancel(full[5].appointment_id)
    assert waitlist.work() == 0
    waitlist.add(**within_the_week())
    assert waitlist.work() == 1


def test_new_hours_are_offered(waitlist: Waitlist, full: list[Any]) -> None:
    """Seen red by: hours that are set and looked at by nobody."""
    entry = waitlist.add(**within_the_week())
    assert waitlist.work() == 0
    waitlist.hours(2, 3)
    assert waitlist.work() == 1
    assert waitlist.open_offer(entry)["start_at"] == NINE + timedelta(days=1)


def test_a_time_that_is_moved_away_from_is_offered(waitlist: Waitlist, full: list[Any]) -> None:
    """Seen red by: time that is given back and noted by no trigger."""
    entry = waitlist.add(**within_the_week())
    assert waitlist.work() == 0
    waitlist.clinic.move(full[3].appointment_id, full[3].start_at + timedelta(days=7))
    assert waitlist.work() == 1
    assert waitlist.open_offer(entry)["start_at"] == full[3].start_at


def test_who_is_booked_otherwise_waits_no_more_and_what_he_was_offered_goes_to_the_next(
    waitlist: Waitlist, full: list[Any]
) -> None:
    """Seen red by: booking without a look at the waitlist; an offer that stays open."""
    patient_id = new_id()
    entry, other = waitlist.add(patient_id, **within_the_week()), waitlist.add(**within_the_week())
    waitlist.clinic.cancel(full[0].appointment_id)
    waitlist.work()
    offer = waitlist.open_offer(entry)
    assert offer is not None
    waitlist.clinic.book(NINE + timedelta(days=7), patient_id)
    with pytest.raises((NotWaiting, OfferClosed)):
        waitlist.accept(offer["offer_id"])
    assert waitlist.work() == 1
    assert (waitlist.state(entry), waitlist.told(offer["offer_id"])[-1]) == ("booked", "waitlist-lost")
    assert waitlist.open_offer(other)["start_at"] == NINE


def test_who_waits_for_an_earlier_time_follows_his_visit(waitlist: Waitlist, full: list[Any]) -> None:
    """Moved up by the desk he has what he waited for; moved back he waits for more; cancelled he waits for nothing.

    Seen red by: a visit that moves and is not followed."""
    up, back, gone = (waitlist.add(visit=full[place]) for place in (3, 4, 5))
    clinic = waitlist.clinic
    clinic.move(full[4].appointment_id, NINE + timedelta(days=7))
    waitlist.work()
    assert waitlist.open_offer(back) is None  # that was his own time; it goes to the next in line
    assert waitlist.open_offer(gone)["start_at"] == full[4].start_at
    clinic.cancel(full[0].appointment_id)
    clinic.move(full[3].appointment_id, NINE)
    clinic.cancel(full[5].appointment_id)
    waitlist.work()
    assert [waitlist.state(entry) for entry in (up, back, gone)] == ["booked", "waiting", "withdrawn"]
    assert waitlist.open_offer(back)["start_at"] == full[3].start_at


def test_a_withdrawn_entry_leaves_its_time_to_the_next(waitlist: Waitlist, full: list[Any]) -> None:
    """Seen red by: an entry that goes and leaves its offer open."""
    entry, other = (waitlist.add(**within_the_week()) for _ in range(2))
    waitlist.clinic.cancel(full[0].appointment_id)
    waitlist.work()
    waitlist.withdraw(entry)
    assert waitlist.work() == 1
    assert waitlist.open_offer(other)["start_at"] == NINE
    with pytest.raises(NotWaiting):
        waitlist.withdraw(entry)


def test_a_wish_that_has_run_out_expires(waitlist: Waitlist, full: list[Any]) -> None:
    """Seen red by: leaving out any of the three ends."""
    entries = [
        waitlist.add(active_until=NINE),
        waitlist.add(until_on=NINE.date()),
        waitlist.add(visit=full[0]),
    ]
    waitlist.add(from_on=NINE.date() + timedelta(days=3000))
    waitlist.pass_by(days=4)
    waitlist.work()
    assert [waitlist.state(entry) for entry in entries] == ["expired"] * 3


def test_a_changed_wish_is_looked_at_anew(waitlist: Waitlist, full: list[Any]) -> None:
    """Seen red by: a change that nobody looks at."""
    waitlist.clinic.cancel(full[0].appointment_id)
    entry = waitlist.add(**within_the_week(starts=10 * 60))
    assert waitlist.work() == 0
    waitlist.change(entry, starts=None)
    assert waitlist.work() == 1


def test_every_entry_is_looked_at_once_a_day(waitlist: Waitlist, full: list[Any]) -> None:
    """Rules may have changed that nobody told the waitlist of. Seen red by: the job without `look_again`."""
    waitlist.clinic.cancel(full[0].appointment_id)
    entry = waitlist.add(**within_the_week(from_on=NINE.date() + timedelta(days=1)))
    waitlist.work()
    waitlist.rows(f"UPDATE waitlist_entries SET from_on = NULL WHERE entry_id = '{entry.entry_id}' RETURNING 1")
    assert waitlist.work() == 0
    waitlist.pass_by(hours=11)  # a new day by UTC
    assert waitlist.work() == 1


def test_however_many_wait_for_new_hours_a_desk_waits_for_ten_offers_at_most(waitlist: Waitlist) -> None:
    """Each transaction that offers holds the locks of all that stands at the site; the rest follows by itself.

    Seen red by: all offers in one transaction; later times looked at before what was left of these.
    """
    waitlist.hours()
    for _ in range(25):
        waitlist.add()
    assert waitlist.work() == 0
    waitlist.hours(2, 3, 4, 5)
    assert waitlist.work() == 25
    together = "SELECT count(*) FROM audit_entries WHERE action = 'offer_freed_time' GROUP BY xmin::text"
    assert sorted(row["count"] for row in waitlist.rows(together)) == [5, 10, 10]
    starts = [offer["start_at"] for offer in waitlist.offers("offered")]
    assert len(starts) == len(set(starts)) == 25
    assert max(starts) - min(starts) == timedelta(days=7)  # the first that are free, though later ones are too
