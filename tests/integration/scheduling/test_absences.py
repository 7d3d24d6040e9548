"""A practitioner calls in sick, a site closes: every visit is listed, and each step on the list is atomic."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from fix_absences import EIGHT, HALF_HOUR, NOON, ZIPS

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.errors import (
    AbsenceOver,
    AbsenceUndone,
    AppointmentOverlaps,
    NoSuchProposal,
    OutsideWorkingHours,
    PractitionerElsewhere,
    ProposalTaken,
    RescheduleSettled,
)
from shared.errors import NotFound, Stale
from shared.ids import new_id

DAY = timedelta(days=1)


@pytest.mark.requirement("5a")
def test_every_visit_of_the_time_is_listed_in_one_step_and_no_other(sick_day: Any) -> None:
    """Seen red by: `a.start_at > from_at` in visits-of-practitioner."""
    visits = sick_day.visits(10)  # the last two begin at noon and after
    gone = sick_day.clinic.cancel(visits[3].appointment_id)
    absence = sick_day.mark()
    listed = [each["appointment_id"] for each in sick_day.listed(absence)]
    expected = [each.appointment_id for each in visits[:8] if each.appointment_id != gone.appointment_id]
    assert listed == expected
    assert vars(absence["tally"])["offered"] == 7


def test_a_visit_that_only_reaches_into_the_time_is_listed_too(sick_day: Any) -> None:
    (visit,) = sick_day.visits(1, EIGHT - timedelta(minutes=0))
    absence = sick_day.mark(EIGHT + timedelta(minutes=29), NOON)
    assert [each["appointment_id"] for each in sick_day.listed(absence)] == [visit.appointment_id]


def test_who_is_here_already_is_not_listed(sick_day: Any) -> None:
    visit = sick_day.clinic.book(sick_day.clinic.clock.now() + HALF_HOUR)
    sick_day.clinic.one(operations.check_in, visit.appointment_id)
    absence = sick_day.mark(sick_day.clinic.clock.now(), EIGHT)
    assert sick_day.listed(absence) == []


@pytest.mark.requirement("5b")
def test_proposals_keep_the_type_an_allowed_practitioner_the_site_and_the_window(sick_day: Any) -> None:
    """He is away for longer than any visit is due. Seen red by: anybody's time proposed."""
    sick_day.colleague(kind="nurse")
    sick_day.visits(8)
    absence = sick_day.mark(EIGHT, EIGHT + 30 * DAY)
    for listed in sick_day.listed(absence):
        assert listed["state"] == "offered"
        assert [each["number"] for each in listed["numbered"]] == [1, 2, 3]
        for each in listed["numbered"]:
            assert each["practitioner_id"] == sick_day.colleagues[0]
            assert each["site_id"] == sick_day.clinic.site.site_id
            assert each["end_at"] - each["start_at"] == HALF_HOUR
            assert each["start_at"] < listed["start_at"] + 15 * DAY


@pytest.mark.requirement("5b")
def test_who_is_back_in_time_is_proposed_first_and_the_sooner_day_before_the_later(sick_day: Any) -> None:
    """Seen red by: practitioners not told apart."""
    sick_day.visits(8)
    absence = sick_day.mark()
    for listed in sick_day.listed(absence):
        best = listed["numbered"][0]
        assert best["practitioner_id"] == sick_day.clinic.practitioner_id
        assert best["start_at"].date() == NOON.date()  # he works this afternoon


def test_no_time_is_proposed_twice_also_not_by_another_list(sick_day: Any) -> None:
    """Seen red by: leaving out `proposed_to_others`."""
    sick_day.visits(16)
    first, second = sick_day.mark(EIGHT, NOON), sick_day.mark(NOON + HALF_HOUR, NOON + 5 * HALF_HOUR)
    told = [each for absence in (first, second) for listed in sick_day.listed(absence) for each in listed["numbered"]]
    times = sorted((each["practitioner_id"], each["start_at"], each["end_at"]) for each in told)
    assert len(times) > 20
    for (whose, _, end_at), (next_whose, start_at, _) in pairwise(times):
        assert whose != next_whose or end_at <= start_at


@pytest.mark.requirement("5g")
def test_the_same_absence_again_changes_nothing(sick_day: Any) -> None:
    """Seen red by: an absence of its own each time."""
    sick_day.visits(4)
    first = sick_day.mark()
    state = sick_day.rows("SELECT reschedule_id, version, proposals::text FROM reschedules ORDER BY reschedule_id")
    events = sick_day.rows("SELECT count(*) FROM outbox")
    again, within = sick_day.mark(), sick_day.mark(EIGHT + HALF_HOUR, NOON)
    assert (again["absence_id"], again["version"]) == (first["absence_id"], first["version"])
    assert (within["absence_id"], within["version"]) == (first["absence_id"], first["version"])
    assert (
        sick_day.rows("SELECT reschedule_id, version, proposals::text FROM reschedules ORDER BY reschedule_id") == state
    )
    assert sick_day.rows("SELECT count(*) FROM outbox") == events


def test_what_overlaps_extends_the_absence_and_lists_what_it_touches_then(sick_day: Any) -> None:
    sick_day.visits(10)
    first = sick_day.mark(EIGHT, NOON - 2 * HALF_HOUR)
    longer = sick_day.mark(NOON - 4 * HALF_HOUR, NOON + 2 * HALF_HOUR)
    assert longer["absence_id"] == first["absence_id"]
    assert (longer["from_at"], longer["until_at"]) == (EIGHT, NOON + 2 * HALF_HOUR)
    assert sick_day.tally(longer)["touched"] == 10


def test_from_the_same_commit_on_nothing_is_booked_into_it(sick_day: Any) -> None:
    """Seen red by: leaving out `take_out`."""
    sick_day.mark()
    with pytest.raises(OutsideWorkingHours):
        sick_day.clinic.book(EIGHT)
    assert sick_day.clinic.book(NOON).status == "booked"


@pytest.mark.requirement("5e")
def test_accepting_moves_the_visit_in_one_truthful_step(sick_day: Any) -> None:
    """Seen red by: a list that is settled without the move."""
    sick_day.visits(2)
    absence = sick_day.mark()
    listed = sick_day.listed(absence)[0]
    best = listed["numbered"][0]
    settled = sick_day.accept(listed)
    moved = sick_day.appointment(listed)
    assert (settled.state, settled.version) == ("moved", listed["version"] + 1)
    assert (moved.start_at, moved.practitioner_id) == (best["start_at"], best["practitioner_id"])
    assert sick_day.told(listed["appointment_id"]) == ["appointment-booked", "appointment-rescheduled"]
    assert sick_day.told(listed["reschedule_id"]) == ["reschedule-offered", "reschedule-moved"]
    assert sick_day.tally(absence) == {
        "touched": 2, "offered": 1, "moved": 1, "declined": 0, "to_call": 0, "cancelled": 0, "withdrawn": 0
    }  # fmt: skip


@pytest.mark.requirement("5e")
@pytest.mark.requirement("7a")
def test_a_proposal_that_somebody_took_is_refused_with_fresh_ones_and_the_visit_stays(sick_day: Any) -> None:
    """Seen red by: the overlap let through as it is."""
    sick_day.visits(1)
    absence = sick_day.mark()
    (listed,) = sick_day.listed(absence)
    best = listed["numbered"][0]
    sick_day.clinic.book(best["start_at"])
    with pytest.raises(ProposalTaken) as refused:
        sick_day.accept(listed)
    fresh = refused.value.details["proposals"]
    assert fresh
    assert best["start_at"].strftime("%Y-%m-%dT%H:%M:%SZ") not in [each["start_at"] for each in fresh]
    stays = sick_day.appointment(listed)
    assert (stays.start_at, stays.status, stays.version) == (listed["start_at"], "booked", 1)
    assert sick_day.listed(absence)[0]["state"] == "offered"
    assert sick_day.accept(listed, number=2).state == "moved"


def test_there_are_no_more_proposals_than_there_are(sick_day: Any) -> None:
    sick_day.visits(1)
    (listed,) = sick_day.listed(sick_day.mark())
    with pytest.raises(NoSuchProposal) as refused:
        sick_day.accept(listed, number=4)
    assert len(refused.value.details["proposals"]) == 3


def test_declining_asks_for_other_times_or_a_call_or_neither(sick_day: Any) -> None:
    sick_day.visits(3)
    absence = sick_day.mark()
    first, second, third = sick_day.listed(absence)
    others = sick_day.decline(first, "proposals")
    assert others.state == "offered"
    before = {(each["start_at"], each["practitioner_id"]) for each in first["numbered"]}
    assert not before & {(each.start_at, each.practitioner_id) for each in others.proposals}
    assert sick_day.decline(second, "call").state == "to-call"
    assert sick_day.decline(third).state == "declined"
    tally = sick_day.tally(absence)
    assert (tally["offered"], tally["to_call"], tally["declined"], tally["touched"]) == (1, 1, 1, 3)
    assert sick_day.told(third["reschedule_id"]) == ["reschedule-offered", "reschedule-declined"]


def test_an_offer_that_nobody_answers_in_time_becomes_a_call(sick_day: Any) -> None:
    """Seen red by: leaving out `expires_at <= now`."""
    sick_day.visits(3)
    absence = sick_day.mark()
    lapses = sorted(each["expires_at"] for each in sick_day.listed(absence))
    lapse = lambda: operations.lapse_offers(sick_day.clinic.uow(), sick_day.clinic.clock)  # noqa: E731
    assert lapse() == 0
    sick_day.clinic.clock.instant = lapses[0]
    assert lapse() == lapses.count(lapses[0])
    sick_day.clinic.clock.instant = lapses[-1]
    lapse()
    assert {(each["state"], len(each["numbered"])) for each in sick_day.listed(absence)} == {("to-call", 0)}
    told = sick_day.told(sick_day.listed(absence)[0]["reschedule_id"])
    assert told == ["reschedule-offered", "reschedule-to-call"]


def test_another_time_can_be_picked_and_a_taken_one_cannot(sick_day: Any) -> None:
    sick_day.visits(2)
    taken = sick_day.clinic.book(NOON)
    first, second = sick_day.listed(sick_day.mark())
    with pytest.raises(AppointmentOverlaps) as refused:
        sick_day.pick(first, taken.start_at)
    assert refused.value.details["next_free_times"]
    assert sick_day.pick(first, NOON + HALF_HOUR).state == "moved"
    assert sick_day.pick(second, EIGHT, sick_day.colleagues[0]).state == "moved"
    assert sick_day.appointment(second).practitioner_id == sick_day.colleagues[0]


def test_a_listed_visit_can_be_cancelled_or_put_on_the_call_list(sick_day: Any) -> None:
    sick_day.visits(2)
    absence = sick_day.mark()
    first, second = sick_day.listed(absence)
    assert sick_day.cancel(first).state == "cancelled"
    assert sick_day.appointment(first).status == "cancelled"
    called = sick_day.to_call(second)
    assert (called.state, len(called.proposals)) == ("to-call", 3)
    assert sick_day.to_call(second).version == called.version
    assert sick_day.accept(second).state == "moved"
    assert sick_day.tally(absence)["touched"] == 2


def test_a_stale_version_and_a_settled_visit_take_no_step(sick_day: Any) -> None:
    sick_day.visits(1)
    (listed,) = sick_day.listed(sick_day.mark())
    stale = commands.AcceptProposal(reschedule_id=listed["reschedule_id"], version=99)
    with pytest.raises(Stale):
        operations.accept_proposal(stale, sick_day.clinic.uow(), sick_day.clinic.clock, ZIPS)
    sick_day.accept(listed)
    for step in (sick_day.accept, sick_day.decline, sick_day.cancel, sick_day.to_call):
        with pytest.raises(RescheduleSettled):
            step(listed)


@pytest.mark.parametrize("verb", ["move", "cancel"])
def test_a_visit_that_is_moved_or_cancelled_otherwise_is_off_the_list(sick_day: Any, verb: str) -> None:
    """Seen red by: leaving out `leave_list`."""
    sick_day.visits(1)
    absence = sick_day.mark()
    (listed,) = sick_day.listed(absence)
    if verb == "move":
        sick_day.clinic.move(listed["appointment_id"], NOON)
    else:
        sick_day.clinic.cancel(listed["appointment_id"])
    settled = {"move": "moved", "cancel": "cancelled"}[verb]
    assert sick_day.listed(absence)[0]["state"] == settled
    assert sick_day.told(listed["reschedule_id"]) == ["reschedule-offered", f"reschedule-{settled}"]


def test_a_wrong_cancellation_that_is_undone_comes_back_to_the_list(sick_day: Any) -> None:
    """Seen red by: leaving out `call_back`."""
    visits = sick_day.visits(2)
    before = sick_day.clinic.cancel(visits[1].appointment_id)
    absence = sick_day.mark()
    (listed,) = sick_day.listed(absence)
    sick_day.cancel(listed)
    for each in (listed["appointment_id"], before.appointment_id):
        sick_day.clinic.one(operations.reinstate_appointment, each)
    assert [each["state"] for each in sick_day.listed(absence)] == ["to-call", "to-call"]


def test_he_came_after_all(sick_day: Any) -> None:
    sick_day.visits(4)
    absence = sick_day.mark()
    first, second, third, fourth = sick_day.listed(absence)
    sick_day.accept(first)
    sick_day.cancel(second)
    sick_day.decline(third)
    undone = sick_day.undo(absence)
    tally = sick_day.tally(absence)
    assert (tally["moved"], tally["cancelled"], tally["withdrawn"], tally["touched"]) == (1, 1, 2, 2)
    assert undone["undone_at"] == sick_day.clinic.clock.now()
    assert sick_day.told(fourth["reschedule_id"]) == ["reschedule-offered", "reschedule-withdrawn"]
    assert sick_day.appointment(fourth).start_at == fourth["start_at"]
    assert sick_day.clinic.book(second["start_at"]).status == "booked"
    with pytest.raises(AbsenceUndone):
        sick_day.undo(absence)
    assert sick_day.mark()["absence_id"] != absence["absence_id"]


def test_a_closure_lists_everybodys_visits_and_refuses_new_ones(sick_day: Any) -> None:
    sick_day.visits(3)
    colleague = sick_day.colleagues[0]
    command = commands.BookAppointment(
        site_id=sick_day.clinic.site.site_id,
        practitioner_id=colleague,
        appointment_type_id=sick_day.clinic.type_id,
        patient_id=new_id(),
        start_at=EIGHT,
    )
    operations.book_appointment(command, sick_day.clinic.uow(), sick_day.clinic.clock)
    absence = sick_day.close()
    assert sick_day.tally(absence)["touched"] == 4
    for whose in (colleague, sick_day.clinic.practitioner_id):
        with pytest.raises(OutsideWorkingHours):
            again = commands.BookAppointment(
                **{**vars(command), "practitioner_id": whose, "start_at": NOON - HALF_HOUR}
            )
            operations.book_appointment(again, sick_day.clinic.uow(), sick_day.clinic.clock)
    assert all(each["start_at"] >= NOON for listed in sick_day.listed(absence) for each in listed["numbered"])


def test_a_visit_waits_on_one_list_and_goes_to_the_other_when_that_absence_is_undone(sick_day: Any) -> None:
    """Seen red by: leaving out `_list_elsewhere`."""
    sick_day.visits(2)
    sick = sick_day.mark()
    closed = sick_day.close()
    assert (sick_day.tally(sick)["touched"], sick_day.tally(closed)["touched"]) == (2, 0)
    sick_day.undo(sick)
    assert (sick_day.tally(sick)["touched"], sick_day.tally(closed)["touched"]) == (0, 2)


def test_free_time_by_day_follows_every_absence(sick_day: Any) -> None:
    """Only the days that it lies on are made anew. Seen red by: leaving out the last of them."""

    def differing() -> list[Any]:
        with sick_day.clinic.uow() as uow:
            return [each for place in uow.free_time.places() for each in operations.differing_days(place, uow)]

    sick_day.visits(3)
    absence = sick_day.mark(EIGHT, NOON + DAY)
    assert differing() == []
    sick_day.mark(NOON, EIGHT + 3 * DAY)
    assert differing() == []
    closed = sick_day.close(EIGHT - DAY, NOON + 2 * DAY)
    assert differing() == []
    for each in (absence, closed):
        sick_day.undo(each)
        assert differing() == []


def test_what_is_over_cannot_be_marked_and_nobody_can_mark_a_stranger(sick_day: Any) -> None:
    with pytest.raises(AbsenceOver):
        sick_day.mark(EIGHT - 2 * DAY, NOON - 2 * DAY)
    with pytest.raises(PractitionerElsewhere):
        sick_day.mark(sites=frozenset({new_id()}))


def test_another_sites_absence_and_list_are_not_found_and_its_visits_are_not_counted(sick_day: Any) -> None:
    """Seen red by: a tally without the asker's sites."""
    other = operations.add_site(
        commands.AddSite(name="Oak", zone="America/New_York"), sick_day.clinic.uow(), sick_day.clinic.clock
    )
    here, there = frozenset({sick_day.clinic.site.site_id}), frozenset({other.site_id})
    sick_day.visits(2)
    absence = sick_day.mark()
    with pytest.raises(NotFound):
        sick_day.tally(absence, sites=there)
    with pytest.raises(NotFound):
        sick_day.accept(sick_day.listed(absence)[0], sites=there)
    sick_day.works(sick_day.clinic.practitioner_id, other.site_id, days=(6,))
    longer = sick_day.mark(EIGHT, NOON + HALF_HOUR)
    assert sick_day.tally(longer, sites=there)["touched"] == 0
    assert sick_day.tally(longer, sites=here)["touched"] == 2
    assert sick_day.listed(sites=there) == []
    assert sick_day.mark(sites=here)["reason"] is None
    assert sick_day.mark()["reason"] == "sick"
