"""The waitlist over several sites and people: who sees what, and which visit comes before."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fix_waitlist import NINE, Waitlist, one, other_practitioner, other_site, within_the_week, work_at

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.errors import OtherVisit
from shared.errors import NotFound
from shared.ids import new_id


def test_an_accepted_offer_at_another_site_cancels_the_visit_here_and_books_there(
    waitlist: Waitlist, full: list[Any]
) -> None:
    """Who accepts may have one of the two sites alone, and a move needs both. Seen red by: moving it."""
    clinic = waitlist.clinic
    elsewhere = other_site(waitlist)
    doctor = other_practitioner(waitlist)
    entry = waitlist.add(visit=full[5], practitioner_ids=(doctor,))
    work_at(waitlist, doctor, elsewhere)
    assert waitlist.work() == 1
    offer = waitlist.open_offer(entry)
    accepted = waitlist.accept(offer["offer_id"], sites=frozenset({elsewhere}))
    assert accepted.booked_id != full[5].appointment_id
    with clinic.uow() as uow:
        here, there = (uow.appointments.read(each) for each in (full[5].appointment_id, accepted.booked_id))
    assert (here.status, here.cancelled_reason) == ("cancelled", "moved-by-waitlist")
    assert (there.status, there.site_id, there.practitioner_id) == ("booked", elsewhere, doctor)
    assert waitlist.state(entry) == "booked"


@pytest.mark.requirement("4i")
def test_somebody_of_another_site_sees_neither_entries_nor_offers(waitlist: Waitlist, full: list[Any]) -> None:
    """Seen red by: a list without its sites; an accept that asks for none."""
    clinic = waitlist.clinic
    here, there = clinic.site.site_id, other_site(waitlist)
    entry = waitlist.add(**within_the_week(site_ids=(here,)))
    clinic.cancel(full[0].appointment_id)
    waitlist.work()
    offer = waitlist.open_offer(entry)
    stranger: dict[str, Any] = {"sites": frozenset({there})}
    acts: list[Any] = [
        lambda uow: operations.accept_waitlist_offer(one(offer), uow, clinic.clock),
        lambda uow: operations.decline_waitlist_offer(one(offer), uow, clinic.clock),
        lambda uow: operations.withdraw_waitlist_entry(
            commands.OneWaitlistEntry(entry_id=entry.entry_id), uow, clinic.clock
        ),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act(clinic.uow(**stranger))
    assert [len(page["items"]) for page in pages(waitlist, **stranger)] == [0, 0]
    assert [len(page["items"]) for page in pages(waitlist, sites=frozenset({here}))] == [1, 1]


def test_any_site_is_any_of_the_askers_and_what_she_cannot_see_she_does_not_change(
    waitlist: Waitlist, full: list[Any]
) -> None:
    """Seen red by: an entry of a secretary that is seen at every site."""
    here, there = waitlist.clinic.site.site_id, other_site(waitlist)
    clinic = waitlist.clinic
    command = commands.AddWaitlistEntry(
        patient_id=new_id(),
        appointment_type_id=clinic.type_id,
        appointment_id=None,
        priority=0,
        active_until=None,
        wish=waitlist.add(site_ids=(here, there)).wish,
    )
    with pytest.raises(NotFound):
        operations.add_waitlist_entry(command, clinic.uow(sites=frozenset({here})), clinic.clock)
    both = waitlist.add(site_ids=(here, there))
    change = commands.ChangeWaitlistEntry(entry_id=both.entry_id, changes={"site_ids": None})
    changed = operations.change_waitlist_entry(change, clinic.uow(sites=frozenset({here})), clinic.clock)
    assert changed.wish.site_ids == (here,)
    (row,) = waitlist.rows(f"SELECT site_ids::text FROM waitlist_entries WHERE entry_id = '{both.entry_id}'")
    assert str(there) in row["site_ids"]


def test_a_visit_to_come_before_is_the_patients_own(waitlist: Waitlist, full: list[Any]) -> None:
    """Seen red by: any visit at all."""
    command = commands.AddWaitlistEntry(
        patient_id=new_id(),
        appointment_type_id=waitlist.clinic.type_id,
        appointment_id=full[0].appointment_id,
        priority=0,
        active_until=None,
        wish=waitlist.add().wish,
    )
    with pytest.raises(OtherVisit):
        operations.add_waitlist_entry(command, waitlist.clinic.uow(), waitlist.clinic.clock)


def pages(waitlist: Waitlist, **asker: Any) -> list[dict[str, Any]]:
    """The lists of entries and of offers."""
    from services.scheduling import queries

    question = {"site_id": None, "patient_id": None, "entry_id": None, "state": None, "limit": 50, "cursor": None}
    with waitlist.clinic.uow(**asker) as uow:
        return [queries.waitlist(question, uow), queries.waitlist_offers(question, uow)]


def test_whoever_is_freed_at_two_sites_at_once_is_offered_to_all_for_whom_there_is_time(waitlist: Waitlist) -> None:
    """Ten are asked by one transaction, and nobody of the line is forgotten by it.

    Seen red by: who was asked at the first site counted among the next ten of the second.
    """
    clinic, elsewhere = waitlist.clinic, other_site(waitlist)
    until = {"until_on": NINE.date() + timedelta(days=3)}
    waitlist.hours()
    entries = [waitlist.add(**until) for _ in range(24)]
    assert waitlist.work() == 0
    here = clinic.site
    waitlist.hours(2)
    clinic.site = replace(here, site_id=elsewhere)
    waitlist.hours(3, 4, 5)
    clinic.site = here
    waitlist.rows("DELETE FROM freed_times")
    with clinic.uow() as uow:
        uow.waitlist_offers.look_at_working_time([clinic.practitioner_id], None)
        uow.commit()
    assert waitlist.work() == 24
    offered = waitlist.offers("offered")
    assert {offer["entry_id"] for offer in offered} == {entry.entry_id for entry in entries}
    assert sorted(offer["site_id"] == elsewhere for offer in offered) == [False] * 6 + [True] * 18
