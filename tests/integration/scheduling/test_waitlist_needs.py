"""What is offered to those who wait is free for all that the visit needs, held whole, and booked as it was held."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fix_messaging import until
from fix_scheduling import WAITING
from fix_theatre import Theatre
from fix_waitlist import NINE, Waitlist, other_site, within_the_week, work_at

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.errors import ResourceTaken
from services.scheduling.domain.resource_lock import resource_lock
from services.scheduling.domain.resources import Need

SCAN = timedelta(minutes=45)  # with its set-up of ten minutes and its clean-up of five
SLOTS = [NINE + place * SCAN for place in range(4)]


@pytest.fixture
def scans(waitlist: Waitlist, theatre: Theatre) -> Theatre:
    """Two practitioners on Tuesday from nine to noon, two rooms and one device; who waits, waits for a scan."""
    waitlist.hours(2)
    work_at(waitlist, theatre.second, theatre.clinic.site.site_id)
    theatre.clinic.type_id = theatre.type_id
    return theatre


def held(theatre: Theatre) -> list[tuple[Any, ...]]:
    """What is taken before there is an appointment."""
    return theatre.rows(
        "SELECT resource_id::text, lane, start_at, end_at FROM bookings WHERE hold_id IS NOT NULL ORDER BY 1"
    )


def busy(theatre: Theatre, slots: Sequence[Any] = SLOTS) -> list[Any]:
    """The second practitioner has the device all morning."""
    return [theatre.book(slot, practitioner_id=theatre.second) for slot in slots]


@pytest.mark.requirement("33b")
def test_an_offer_holds_what_a_hold_of_the_desk_would_and_its_accept_books_that(
    waitlist: Waitlist, scans: Theatre
) -> None:
    """Seen red by: an offer that holds the practitioner alone; one without set-up."""
    entry = waitlist.add(**within_the_week(practitioner_ids=(waitlist.clinic.practitioner_id,)))
    assert waitlist.work() == 1
    offer, taken = waitlist.open_offer(entry), held(scans)
    assert offer is not None
    whose = (waitlist.clinic.practitioner_id, scans.rooms[0], scans.device)
    during = (NINE - timedelta(minutes=10), NINE + timedelta(minutes=35))
    assert taken == sorted((str(one), 1, *during) for one in whose)
    scans.free_time_is_right()
    with pytest.raises(ResourceTaken):
        scans.book(NINE, practitioner_id=scans.second)
    scans.book(NINE, practitioner_id=scans.second, appointment_type_id=room_alone(scans))
    waitlist.decline(offer["offer_id"])
    assert held(scans) == []
    scans.hold(NINE, resource_ids=(scans.rooms[0],))
    assert held(scans) == taken


@pytest.mark.requirement("33b")
def test_an_accept_books_the_very_room_that_was_held(waitlist: Waitlist, scans: Theatre) -> None:
    """Though another would be chosen now. Seen red by: an accept that chooses anew."""
    other = scans.book(NINE, practitioner_id=scans.second, appointment_type_id=room_alone(scans))
    assert list(other.resource_ids) == [scans.rooms[0]]
    entry = waitlist.add(**within_the_week())
    waitlist.work()
    offer = waitlist.open_offer(entry)
    scans.clinic.cancel(other.appointment_id)
    booked = waitlist.accept(offer["offer_id"])
    with scans.clinic.uow() as uow:
        visit = uow.appointments.read(booked.booked_id)
    assert list(visit.resource_ids) == [scans.rooms[1], scans.device]
    assert (visit.start_at, visit.set_up_minutes, visit.clean_up_minutes) == (NINE, 10, 5)
    assert held(scans) == []
    scans.free_time_is_right()


@pytest.mark.requirement("33a")
def test_only_what_is_free_for_practitioner_room_and_device_is_offered(waitlist: Waitlist, scans: Theatre) -> None:
    """The device is in use, or is being made ready. Seen red by: a look at the practitioner alone; one that forgets
    set-up."""
    scans.book(NINE, practitioner_id=scans.second)
    entry = waitlist.add(**within_the_week(practitioner_ids=(scans.clinic.practitioner_id,)))
    assert waitlist.work() == 1
    offer = waitlist.open_offer(entry)
    assert offer["start_at"] == NINE + SCAN
    assert waitlist.accept(offer["offer_id"]).state == "accepted"


def test_nobody_is_offered_a_practitioner_of_another_kind(waitlist: Waitlist, scans: Theatre) -> None:
    """Seen red by: any practitioner offered."""
    scans.clinic.type_id = scans.type(needs=(Need(kind="practitioner", type="physician"),))
    entry = waitlist.add(**within_the_week())
    assert waitlist.work() == 0
    doctor = scans.practitioner(kind="physician")
    assert waitlist.work() == 1
    assert waitlist.open_offer(entry)["practitioner_id"] == doctor


@pytest.mark.requirement("28a")
def test_a_device_that_alone_becomes_free_is_offered_with_a_practitioner_who_is(
    waitlist: Waitlist, scans: Theatre
) -> None:
    """Seen red by: a device's time that nobody looks at."""
    visits = busy(scans)
    entry = waitlist.add(**within_the_week(practitioner_ids=(scans.clinic.practitioner_id,)))
    assert waitlist.work() == 0
    scans.clinic.cancel(visits[1].appointment_id)
    assert waitlist.work() == 1
    offer = waitlist.open_offer(entry)
    assert (offer["start_at"], offer["practitioner_id"]) == (SLOTS[1], scans.clinic.practitioner_id)
    waitlist.accept(offer["offer_id"])
    scans.free_time_is_right()


@pytest.mark.requirement("28a")
def test_a_room_that_comes_into_use_is_offered(waitlist: Waitlist, scans: Theatre) -> None:
    """Seen red by: a room's hours that nobody looks at."""
    for room in scans.rooms:
        use(scans, room, False)
    entry = waitlist.add(**within_the_week())
    assert waitlist.work() == 0
    use(scans, scans.rooms[1], True)
    assert waitlist.work() == 1
    assert waitlist.open_offer(entry)["resource_ids"] == [scans.rooms[1], scans.device]


def test_a_further_practitioner_who_becomes_free_is_a_look_at_those_whom_he_assists(
    waitlist: Waitlist, scans: Theatre
) -> None:
    """And each is looked at once. Seen red by: a practitioner's time that is his own alone; a look that begins others
    without end."""
    nurse, doctor = scans.practitioner(kind="nurse"), scans.practitioner(kind="physician")
    with_nurse = (Need(kind="practitioner", type="physician"), Need(kind="practitioner", type="nurse"))
    scans.clinic.type_id = scans.type(needs=with_nurse)
    alone = scans.type()
    visit = scans.book(NINE, practitioner_id=nurse, appointment_type_id=alone)
    on_tuesday_at_nine = {"from_on": NINE.date(), "until_on": NINE.date(), "starts": 9 * 60, "ends": 9 * 60 + 30}
    entry = waitlist.add(practitioner_ids=(doctor,), **on_tuesday_at_nine)
    assert waitlist.work() == 0
    scans.clinic.cancel(visit.appointment_id)
    assert waitlist.work() == 1
    offer = waitlist.open_offer(entry)
    assert (offer["practitioner_id"], offer["resource_ids"]) == (doctor, [nurse])


@pytest.mark.requirement("28b")
def test_who_accepts_first_finds_all_of_it_or_is_told_what_is_gone_and_what_is_free(
    waitlist: Waitlist, scans: Theatre
) -> None:
    """The practitioner is free, the device is not. Seen red by: an accept that looks at the practitioner alone; offers
    that outlive their device."""
    waitlist.policy("first-come", group_size=2)
    mine = (scans.clinic.practitioner_id,)
    entries = [waitlist.add(**within_the_week(practitioner_ids=mine)) for _ in range(2)]
    assert waitlist.work() == 2
    offers = [waitlist.open_offer(entry) for entry in entries]
    assert {offer["start_at"] for offer in offers} == {NINE}
    assert held(scans) == []
    scans.book(NINE, practitioner_id=scans.second)
    with pytest.raises(ResourceTaken) as refused:
        waitlist.accept(offers[0]["offer_id"])
    assert refused.value.details["needs"] == [{"kind": "device", "type": "ultrasound"}]
    assert refused.value.details["next_free_times"][0]["start_at"] == SLOTS[1].strftime("%Y-%m-%dT%H:%M:%SZ")
    assert waitlist.work() == 2
    assert [waitlist.told(offer["offer_id"])[-1] for offer in offers] == ["waitlist-lost"] * 2
    again = [waitlist.open_offer(entry) for entry in entries]
    assert {offer["start_at"] for offer in again} == {SLOTS[1]}
    assert waitlist.accept(again[1]["offer_id"]).state == "accepted"
    scans.free_time_is_right()


def test_a_device_that_is_offered_and_held_for_nobody_is_not_offered_with_another_practitioner(
    waitlist: Waitlist, scans: Theatre
) -> None:
    """Seen red by: offers that are held for nobody known by their practitioners alone."""
    waitlist.policy("first-come", group_size=1)
    entries = [waitlist.add(**within_the_week()) for _ in range(3)]
    assert waitlist.work() == 3
    assert sorted(waitlist.open_offer(entry)["start_at"] for entry in entries) == SLOTS[:3]


@pytest.mark.requirement("33a")
def test_within_a_long_time_that_becomes_free_starts_are_offered_as_a_search_finds_them(
    waitlist: Waitlist, scans: Theatre
) -> None:
    """Four scans fit, one after the other, though two practitioners are free. Seen red by: visits laid end to end
    without set-up and clean-up."""
    mine = (scans.clinic.practitioner_id,)
    question = commands.SearchFreeTimes(
        appointment_type_id=scans.type_id, practitioner_ids=mine, from_on=NINE.date(), days=1, limit=10
    )
    with scans.clinic.uow() as uow:
        found = operations.search_free_times(question, uow, scans.clinic.clock, zips=None)
    entries = [waitlist.add(**within_the_week(practitioner_ids=mine)) for _ in range(5)]
    assert waitlist.work() == 4
    offers = [waitlist.open_offer(entry) for entry in entries]
    assert [offer["start_at"] for offer in offers[:4]] == [answer.time.start_at for answer in found] == SLOTS
    for offer in offers[:4]:
        waitlist.accept(offer["offer_id"])
    scans.free_time_is_right()


def test_a_wish_that_begins_within_a_free_morning_is_met_from_its_hour(waitlist: Waitlist, scans: Theatre) -> None:
    """Seen red by: starts that follow from the morning's, of which none falls into those hours."""
    entry = waitlist.add(**within_the_week(starts=9 * 60 + 40, ends=10 * 60 + 10))
    assert waitlist.work() == 1
    assert waitlist.open_offer(entry)["start_at"] == NINE + timedelta(minutes=40)


@pytest.mark.requirement("28d")
def test_a_visit_that_is_moved_up_leaves_its_room_and_device_to_the_next(waitlist: Waitlist, scans: Theatre) -> None:
    """Seen red by: the old time looked at for its practitioner alone."""
    visits = busy(scans)
    up = waitlist.add(visit=visits[3])
    other = waitlist.add(**within_the_week(practitioner_ids=(scans.clinic.practitioner_id,)))
    scans.clinic.cancel(visits[0].appointment_id)
    assert waitlist.work() == 1
    waitlist.accept(waitlist.open_offer(up)["offer_id"])
    assert waitlist.work() == 1
    assert waitlist.open_offer(other)["start_at"] == SLOTS[3]
    scans.free_time_is_right()


def test_an_offer_that_nobody_answers_gives_all_of_it_to_the_next(waitlist: Waitlist, scans: Theatre) -> None:
    """Seen red by: a device that stays held."""
    busy(scans, SLOTS[1:])
    first = waitlist.add(**within_the_week())
    assert waitlist.work() == 1
    second = waitlist.add(**within_the_week(practitioner_ids=(scans.second,)))
    assert waitlist.work() == 0
    waitlist.pass_by(minutes=15)
    assert waitlist.work() == 1
    assert (waitlist.open_offer(first), waitlist.open_offer(second)["start_at"]) == (None, NINE)
    scans.free_time_is_right()


def test_whoever_offers_a_time_waits_for_all_who_take_of_the_device(waitlist: Waitlist, scans: Theatre) -> None:
    """As a booking does, so that free time is never written by two. Seen red by: an offer that is made without the
    locks."""
    entry = waitlist.add(**within_the_week())
    with ThreadPoolExecutor(1) as other, scans.clinic.uow() as uow:
        uow.lock(resource_lock(scans.device))
        assert uow.waitlist_offers.unheld() == []  # the lock is taken with this question
        offering = other.submit(waitlist.work)
        until(lambda: waitlist.rows(WAITING))
        assert waitlist.open_offer(entry) is None
        uow.commit()
        assert offering.result(timeout=30) == 1
    scans.free_time_is_right()


def test_a_long_time_at_two_sites_is_looked_at_once_in_each_slice(waitlist: Waitlist, scans: Theatre) -> None:
    """Seen red by: the rest of a look at one site that is looked at everywhere (each slice twice as often as the one
    before)."""
    work_at(waitlist, scans.clinic.practitioner_id, other_site(waitlist))
    waitlist.add(weekdays=(7,), until_on=NINE.date() + timedelta(days=90))
    waitlist.work()
    waitlist.hours(2)
    (before,) = scans.rows("SELECT max(freed_id) FROM freed_times")
    waitlist.work()
    (after,) = scans.rows("SELECT last_value FROM freed_times_freed_id_seq")
    slices, sites = 7, 2
    assert after[0] - before[0] <= (slices + 1) * sites


def room_alone(theatre: Theatre) -> UUID:
    return theatre.type(needs=(Need(kind="room", type="exam room"),))


def use(theatre: Theatre, room: UUID, active: bool) -> None:
    command = commands.ChangeResource(resource_id=room, changes={"active": active})
    operations.change_resource(command, theatre.clinic.uow(), theatre.clinic.clock)
