"""What was offered and cannot be had any more: the offer is lost, and the patient goes on waiting."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fix_absences import SickDay
from fix_waitlist import HALF_HOUR, NINE, Waitlist, other_site, within_the_week, work_at

from services.scheduling import jobs, operations
from services.scheduling.domain import commands
from services.scheduling.domain.resources import Need
from services.scheduling.domain.spans import Span
from services.scheduling.repository.waitlist import WaitlistRepository
from tests.integration.scheduling.test_jobs import context_of

FIRST = Span(start_at=NINE, end_at=NINE + HALF_HOUR)
LOST = ["waitlist-offered", "waitlist-lost"]


def leave(waitlist: Waitlist, span: Span = FIRST) -> Any:
    clinic = waitlist.clinic
    command = commands.AddWorkingException(kind="leave", span=span, practitioner_id=clinic.practitioner_id)
    return operations.add_working_exception(command, clinic.uow(), clinic.clock)["exception_id"]


def closure(waitlist: Waitlist) -> Any:
    clinic = waitlist.clinic
    command = commands.AddClosure(site_id=clinic.site.site_id, kind="closure", span=FIRST)
    return operations.add_closure(command, clinic.uow(), clinic.clock)


WAYS: dict[str, Callable[[Waitlist], Any]] = {
    "leave": leave,
    "a closure": closure,
    "a sick day": lambda waitlist: SickDay(waitlist.clinic).mark(NINE, NINE + HALF_HOUR),
    "other hours": lambda waitlist: waitlist.hours(2, starts=9 * 60 + 30),
}


def offered(waitlist: Waitlist, full: list[Any], entry: Any) -> Any:
    """The first half hour of Tuesday."""
    waitlist.clinic.cancel(full[0].appointment_id)
    waitlist.work()
    offer = waitlist.open_offer(entry)
    assert offer["start_at"] == NINE
    return offer


def held(waitlist: Waitlist) -> int:
    return len(waitlist.rows("SELECT 1 FROM bookings WHERE hold_id IS NOT NULL"))


@pytest.mark.parametrize("how", WAYS)
def test_an_offer_at_whose_time_nobody_works_any_more_is_lost_and_holds_nothing(
    waitlist: Waitlist, full: list[Any], how: str
) -> None:
    """Seen red by: look_at_who_was_offered left out of working_time."""
    entry = waitlist.add(**within_the_week())
    offer = offered(waitlist, full, entry)
    assert held(waitlist) == 1
    WAYS[how](waitlist)
    assert waitlist.work() == 0
    assert (waitlist.told(offer["offer_id"]), held(waitlist)) == (LOST, 0)
    assert (waitlist.state(entry), waitlist.open_offer(entry)) == ("waiting", None)


def test_all_of_a_group_lose_what_nobody_has_held(waitlist: Waitlist, full: list[Any]) -> None:
    """Seen red by: only those looked at whose time is held."""
    waitlist.policy("first-come", group_size=2)
    entries = [waitlist.add(**within_the_week()) for _ in range(2)]
    offered(waitlist, full, entries[0])
    leave(waitlist)
    assert waitlist.work() == 0
    assert [waitlist.told(each["offer_id"]) for each in waitlist.offers()] == [LOST, LOST]


def test_when_he_comes_after_all_it_is_offered_again_and_leave_at_another_time_loses_nothing(
    waitlist: Waitlist, full: list[Any]
) -> None:
    """Seen red by: look_at_working_time left out."""
    entry = waitlist.add(**within_the_week())
    offer = offered(waitlist, full, entry)
    leave(waitlist, Span(start_at=NINE + HALF_HOUR, end_at=NINE + 2 * HALF_HOUR))
    away = leave(waitlist, Span(start_at=NINE - HALF_HOUR, end_at=NINE + timedelta(minutes=1)))
    over = commands.RemoveException(exception_id=away)
    operations.remove_working_exception(over, waitlist.clinic.uow(), waitlist.clinic.clock)
    waitlist.work()
    assert waitlist.open_offer(entry)["offer_id"] == offer["offer_id"]
    over = commands.RemoveException(exception_id=leave(waitlist))
    waitlist.work()
    assert waitlist.open_offer(entry) is None
    operations.remove_working_exception(over, waitlist.clinic.uow(), waitlist.clinic.clock)
    assert waitlist.work() == 1
    assert waitlist.open_offer(entry)["start_at"] == NINE


def test_whose_visit_has_begun_waits_no_more_at_once(waitlist: Waitlist, full: list[Any]) -> None:
    """By the jobs as they run: which networks they look into tells of no visits. Seen red by: follow-begun-visit left
    out."""
    waitlist.clinic.clock.instant = NINE - HALF_HOUR
    entry = waitlist.add(visit=full[3], **within_the_week())
    offer = offered(waitlist, full, entry)
    waitlist.clinic.one(operations.check_in, full[3].appointment_id)
    for job in (jobs.close_offers, jobs.offer_freed_times):
        job(context_of(waitlist))
    assert waitlist.state(entry) == "expired"
    assert (waitlist.told(offer["offer_id"]), held(waitlist)) == (LOST, 0)


def test_who_is_asked_at_two_sites_is_locked_by_one_statement(
    waitlist: Waitlist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One site's and then the other's would stand in no order. Seen red by: a lock for each site."""
    clinic, there = waitlist.clinic, other_site(waitlist)
    waitlist.hours()
    entries = [waitlist.add(**within_the_week(site_ids=(each,))) for each in (clinic.site.site_id, there)]
    waitlist.work()
    locked: list[set[Any]] = []
    honest = WaitlistRepository.lock_in_line

    def lock_in_line(self: Any, entry_ids: Any) -> Any:
        locked.append(set(entry_ids))
        return honest(self, entry_ids)

    monkeypatch.setattr(WaitlistRepository, "lock_in_line", lock_in_line)
    waitlist.hours(2)
    work_at(waitlist, clinic.practitioner_id, there)
    assert waitlist.work() == 2
    assert locked[0] == {each.entry_id for each in entries}
    assert all(waitlist.open_offer(each) for each in entries)


def test_an_offer_whose_practitioner_does_not_fit_any_more_is_lost_and_stops_nobody(
    waitlist: Waitlist, full: list[Any]
) -> None:
    """Visits of its type came to need a surgeon. Seen red by: PractitionerDoesNotFit raised by the look at it."""
    entry = waitlist.add(**within_the_week())
    offer = offered(waitlist, full, entry)
    clinic = waitlist.clinic
    changes = {"needs": (Need(kind="practitioner", type="surgeon"),)}
    command = commands.ChangeAppointmentType(appointment_type_id=clinic.type_id, changes=changes)
    operations.change_appointment_type(command, clinic.uow(), clinic.clock)
    leave(waitlist)
    waitlist.work()
    assert waitlist.told(offer["offer_id"]) == LOST
    assert waitlist.state(entry) == "waiting"
