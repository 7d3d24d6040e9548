"""Whatever a desk does, in whatever order: scheduling says and keeps what a plain model in memory says."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from diary import Away
from diary_rules import Visits, chosen, some, times
from fix_absences import ZIPS
from fix_diary import DAY, HALF_HOUR, NINE, Desk
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.waitlist import Wish

EXAMPLES, STEPS = 10, 35
# Shrinking takes minutes: a run is shown as it was found. Add Phase.shrink to look closer.
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)


class Machine(Visits):
    """Absences and the waitlist beside visits, holds and series."""

    @rule(person=st.integers(0, 2), during=times, halves=st.integers(1, 6))
    def go_away(self, person: int, during: TimeRange, halves: int) -> None:
        """A sick day, or (2) a closure."""
        during = TimeRange.lasting(during.start_at, halves * HALF_HOUR)
        who, span = None, {"from_at": during.start_at, "until_at": during.end_at, "reason": "ill"}
        no = "absence-over" if during.end_at <= self.model.now else None
        if person == 2:
            command = commands.CloseSite(site_id=self.desk.clinic.site.site_id, **span)
            told = self.desk.expect(no, partial(operations.close_site, zips=ZIPS), command)
        else:
            who = self.desk.whom(person)
            absent = commands.MarkAbsent(practitioner_id=who, **span)
            told = self.desk.expect(no, partial(operations.mark_absent, zips=ZIPS), absent)
        if told:
            self._follow_absence(told, Away(who, during))

    def _follow_absence(self, told: Mapping[str, Any], said: Away) -> None:
        """One that stands already may have been extended, by no more than what was said."""
        known = self.model.absences.get(told["absence_id"], said)
        times = (known.during, said.during)
        whole = TimeRange(min(each.start_at for each in times), max(each.end_at for each in times))
        assert TimeRange(told["from_at"], told["until_at"]) == whole
        assert known.resource_id == said.resource_id
        assert told["absence_id"] not in self.model.undone
        self.model.absences[told["absence_id"]] = replace(said, during=whole)

    @precondition(lambda self: self.model.absences)
    @rule(which=some)
    def come_after_all(self, which: int) -> None:
        absence_id = chosen(self.model.absences, which)
        no = "absence-undone" if absence_id in self.model.undone else None
        undo = commands.UndoAbsence(absence_id=absence_id)
        self.desk.expect(no, partial(operations.undo_absence, zips=ZIPS), undo)
        self.model.undone.add(absence_id)

    @precondition(lambda self: self.model.stranded)
    @rule(which=some, number=st.integers(1, 3))
    def take_a_proposal(self, which: int, number: int) -> None:
        listed = chosen(self.desk.listed(), which)
        numbered = {each["number"]: each for each in listed["numbered"]}
        command = commands.AcceptProposal(reschedule_id=listed["reschedule_id"], number=number)
        if number not in numbered:
            self.desk.expect("no-such-proposal", partial(operations.accept_proposal, zips=ZIPS), command)
            return
        who, visit_id = numbered[number]["practitioner_id"], listed["appointment_id"]
        during = TimeRange.lasting(numbered[number]["start_at"], HALF_HOUR)
        no = "proposal-taken" if self.model.refusal(who, during, visit_id) else None
        if self.desk.expect(no, partial(operations.accept_proposal, zips=ZIPS), command):
            self.model.book(visit_id, who, during)

    @precondition(lambda self: self.model.stranded)
    @rule(which=some, then=st.sampled_from([None, "proposals", "call"]))
    def take_no_proposal(self, which: int, then: Any) -> None:
        listed = chosen(self.desk.listed(), which)
        command = commands.DeclineProposals(reschedule_id=listed["reschedule_id"], then=then)
        self.desk.expect(None, partial(operations.decline_proposals, zips=ZIPS), command)

    @rule(day=st.integers(0, 1))
    def wait_for_any_time(self, day: int) -> None:
        on = (NINE + day * DAY).date()
        self.desk.waitlist.add(from_on=on, until_on=on)

    @precondition(lambda self: self.model.visits)
    @rule(which=some)
    def wait_for_an_earlier_time(self, which: int) -> None:
        visit_id = chosen(self.model.visits, which)
        with self.desk.clinic.uow() as uow:
            visit = uow.appointments.read(visit_id)
        command = commands.AddWaitlistEntry(
            patient_id=visit.patient_id,
            appointment_type_id=visit.appointment_type_id,
            appointment_id=visit_id,
            wish=Wish(from_on=NINE.date(), until_on=(NINE + DAY).date()),
            priority=0,
            active_until=None,
        )
        self.desk.expect(self.model.refusal_of_cancel(visit_id), operations.add_waitlist_entry, command)

    @precondition(lambda self: self.desk.offers)
    @rule(which=some)
    def say_yes(self, which: int) -> None:
        offer = self.desk.offers[chosen(self.desk.offers, which)]
        who, during = offer["practitioner_id"], TimeRange(offer["start_at"], offer["end_at"])
        held = self.model.taken[offer["hold_id"]]
        command = commands.OneWaitlistOffer(offer_id=offer["offer_id"])
        told = self.desk.expect(None, operations.accept_waitlist_offer, command)
        del self.model.taken[offer["hold_id"]]
        assert offer["appointment_id"] in (None, told.booked_id)
        self.model.book(told.booked_id, who, during, self.model.room(held))

    @precondition(lambda self: self.desk.offers)
    @rule(which=some)
    def say_no(self, which: int) -> None:
        command = commands.OneWaitlistOffer(offer_id=chosen(self.desk.offers, which))
        self.desk.expect(None, operations.decline_waitlist_offer, command)


def test_scheduling_does_what_a_plain_model_says(desk_and_model: Desk) -> None:
    """Seen red by: a cancellation that gives no time back, or the practitioner's and not the room's; holds that never
    expire; a sweep that leaves them."""

    class AtThisDesk(Machine):
        desk = desk_and_model

    run_state_machine_as_test(
        AtThisDesk,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            phases=UNSHRUNK,
        ),
    )
    assert AtThisDesk.steps >= 300
