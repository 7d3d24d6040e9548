"""What scheduling does by itself: jobs that look every few seconds ask one question of all networks."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

from fix_absences import SickDay
from fix_scheduling import NOW
from fix_theatre import Theatre
from fix_waitlist import NINE, Waitlist, within_the_week

from services.scheduling import jobs
from shared.ids import new_id
from shared.jobs import JobContext

FREQUENT: list[Callable[[JobContext], None]] = [
    jobs.expire_holds,
    jobs.offer_freed_times,
    jobs.close_offers,
    jobs.lapse_proposals,
]


def context_of(waitlist: Waitlist) -> JobContext:
    return JobContext("scheduling", waitlist.worker, waitlist.clinic.clock, Event())


def sent(waitlist: Waitlist) -> int:
    """By the one connection that a job in an idle network needs."""
    pool = waitlist.worker.resources.pool
    connection = pool.take()
    pool.give_back(connection)
    return int(connection.sent)


def test_fifty_idle_networks_cost_one_question(waitlist: Waitlist) -> None:
    """And the end of its transaction. Seen red by: a job that asks each network."""
    for _ in range(50):
        waitlist.rows(f"INSERT INTO networks VALUES ('{new_id()}', 'Idle', now()) RETURNING 1")
    waitlist.add(from_on=NINE.date() + timedelta(days=300))  # nor does somebody cost more who waits
    waitlist.work()
    for job in FREQUENT:
        before = sent(waitlist)
        job(context_of(waitlist))
        assert sent(waitlist) - before == 2, job.__name__


def test_each_job_finds_what_is_due_in_whatever_network(waitlist: Waitlist, theatre: Theatre) -> None:
    """Seen red by: a question that the worker's own network limits; leaving out any part of it."""
    clinic, run = waitlist.clinic, context_of(waitlist)
    waitlist.hours(2)
    full = waitlist.fill(NINE, 6)
    clinic.cancel(full[0].appointment_id)
    mine = within_the_week(practitioner_ids=(clinic.practitioner_id,))
    first, second = (waitlist.add(**mine) for _ in range(2))
    theatre.hold(NOW + timedelta(hours=2), practitioner_id=theatre.second)
    jobs.offer_freed_times(run)
    assert waitlist.open_offer(first) is not None
    clinic.clock.instant += timedelta(minutes=16)
    for job in (jobs.close_offers, jobs.offer_freed_times, jobs.expire_holds):
        job(run)
    assert (waitlist.open_offer(first), waitlist.open_offer(second) is not None) == (None, True)
    assert theatre.rows("SELECT status FROM holds") == [("expired",)]
    clinic.clock.instant = NINE + timedelta(days=3)
    jobs.close_offers(run)
    jobs.close_offers(run)
    assert (waitlist.state(first), waitlist.state(second)) == ("expired", "expired")


def test_a_wish_is_over_where_its_last_day_is_over_everywhere(waitlist: Waitlist) -> None:
    """Seen red by: the end of the day by UTC."""
    entry = waitlist.add(until_on=NINE.date())
    noon = NINE.replace(hour=12) + timedelta(days=1)
    for instant, state in ((noon - timedelta(seconds=1), "waiting"), (noon, "expired")):
        waitlist.clinic.clock.instant = instant
        jobs.close_offers(context_of(waitlist))
        assert waitlist.state(entry) == state


def test_every_entry_is_looked_at_once_a_day_in_whatever_network(waitlist: Waitlist) -> None:
    """Seen red by: a question that leaves out the daily look."""
    waitlist.add()
    waitlist.clinic.clock.instant = NINE
    jobs.close_offers(context_of(waitlist))
    (row,) = waitlist.rows("SELECT looked_on FROM waitlist_entries")
    assert row["looked_on"] == NINE.date()


def test_a_group_whose_time_nobody_holds_is_looked_after(waitlist: Waitlist) -> None:
    """Seen red by: a question for what is over alone."""
    waitlist.hours(2)
    full = waitlist.fill(NINE, 6)
    waitlist.policy("first-come")
    entry = waitlist.add(**within_the_week())
    waitlist.clinic.cancel(full[0].appointment_id)
    jobs.offer_freed_times(context_of(waitlist))
    offer = waitlist.open_offer(entry)
    assert offer is not None
    waitlist.clinic.book(NINE)
    jobs.close_offers(context_of(waitlist))
    assert waitlist.told(offer["offer_id"])[-1] == "waitlist-lost"


def test_proposals_lapse_in_whatever_network(waitlist: Waitlist, sick_day: SickDay) -> None:
    """Seen red by: a question that finds no network."""
    sick_day.visits(1)
    sick_day.mark()
    (listed,) = sick_day.listed()
    assert listed["state"] == "offered"
    waitlist.clinic.clock.instant = listed["expires_at"]
    jobs.lapse_proposals(context_of(waitlist))
    assert sick_day.listed()[0]["state"] == "to-call"
