"""What may become of a visit on a reschedule list, and that its tally adds up."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.scheduling.domain.errors import NoSuchProposal, RescheduleSettled
from services.scheduling.domain.reschedules import OPEN, Reschedule, Tally
from shared.errors import Refused
from shared.events.rescheduling import Proposal
from tests.unit.scheduling.making import NOW, OTHER_SITE, PATIENT, PRACTITIONER, SITE, VISIT, ZONE, at

HALF_HOUR = timedelta(minutes=30)
STEPS: dict[str, Callable[[Reschedule], None]] = {
    "decline": Reschedule.decline,
    "call": Reschedule.call,
    "move": Reschedule.move,
    "cancel": Reschedule.cancel,
    "withdraw": Reschedule.withdraw,
    "lapse": Reschedule.lapse,
}


def proposal(start: str = "2026-11-25 09:00") -> Proposal:
    return Proposal(
        start_at=at(start), end_at=at(start) + HALF_HOUR, practitioner_id=PRACTITIONER, site_id=SITE, zone=ZONE.key
    )


def listed(*proposals: Proposal, number: int = 1) -> Reschedule:
    """A visit that was just put on a list."""
    made = Reschedule(
        reschedule_id=UUID(int=number),
        absence_id=UUID(int=900),
        appointment_id=UUID(int=100 + number),
        site_id=SITE,
        practitioner_id=PRACTITIONER,
        appointment_type_id=VISIT.appointment_type_id,
        patient_id=PATIENT,
        start_at=at("2026-11-24 09:00"),
        end_at=at("2026-11-24 09:30"),
        zone=ZONE.key,
        listed_at=NOW,
    )
    made.offer(proposals, NOW + timedelta(days=1))
    return made


def test_a_visit_on_the_list_tells_all_that_a_text_needs() -> None:
    (told,) = listed(proposal()).events
    assert (told.type, told.version, told.state) == ("reschedule-offered", 1, "offered")
    assert told.proposals == (proposal(),)
    assert told.expires_at == NOW + timedelta(days=1)
    assert not hasattr(told, "reason")


def test_without_a_proposal_somebody_has_to_call() -> None:
    (told,) = listed().events
    assert (told.type, told.state, told.expires_at) == ("reschedule-to-call", "to-call", None)


def test_proposals_are_accepted_by_their_rank_and_there_are_no_others() -> None:
    made = listed(proposal(), proposal("2026-11-25 10:00"))
    assert made.proposal(2) == proposal("2026-11-25 10:00")
    for number in (0, 3):
        with pytest.raises(NoSuchProposal):
            made.proposal(number)


def test_what_was_declined_is_kept_so_that_it_is_not_proposed_again() -> None:
    made = listed(proposal())
    made.decline()
    assert (made.state, made.proposals, made.refused, made.expires_at) == ("declined", (), (proposal(),), None)


def test_on_the_call_list_the_proposals_stand() -> None:
    made = listed(proposal())
    made.call()
    assert (made.state, made.proposals) == ("to-call", (proposal(),))


def test_what_nobody_answered_in_time_is_to_call_without_its_proposals() -> None:
    made = listed(proposal())
    made.lapse()
    assert (made.state, made.proposals, made.expires_at) == ("to-call", (), None)


@pytest.mark.parametrize("settling", ["move", "cancel", "withdraw"])
@pytest.mark.parametrize("step", STEPS)
def test_what_is_off_the_list_takes_no_further_step(settling: str, step: str) -> None:
    """Seen red by: `_settle` without its question."""
    made = listed(proposal())
    STEPS[settling](made)
    with pytest.raises(RescheduleSettled) as refused:
        STEPS[step](made)
    assert refused.value.details == {"state": made.state}
    with pytest.raises(RescheduleSettled):
        made.proposal(1)


def test_a_visit_that_comes_back_into_the_absence_is_listed_as_it_is_booked_now() -> None:
    made = listed(proposal())
    made.cancel()
    eleven = at("2026-11-24 11:00")
    place = {"site_id": OTHER_SITE, "zone": "America/Chicago", "practitioner_id": PRACTITIONER}
    made.relist(NOW, **place, start_at=eleven, end_at=eleven + HALF_HOUR)
    made.call()
    told = made.events[-1]
    assert (told.state, told.start_at, told.version) == ("to-call", eleven, 3)
    assert (told.site_id, told.zone) == (OTHER_SITE, "America/Chicago")


def test_what_was_withdrawn_is_not_touched() -> None:
    assert Tally(offered=1, moved=1, declined=1, to_call=1, cancelled=1, withdrawn=1).touched == 5


class AListOfVisits(RuleBasedStateMachine):
    """Whatever is done with a list, every visit is in one state, and every change is told."""

    def __init__(self) -> None:
        super().__init__()
        self.visits = [listed(proposal(), number=number) for number in range(8)]

    @rule(which=st.integers(0, 7), step=st.sampled_from(sorted(STEPS)))
    def step(self, which: int, step: str) -> None:
        before = self.visits[which].state, self.visits[which].version
        try:
            STEPS[step](self.visits[which])
        except Refused:
            assert before == (self.visits[which].state, self.visits[which].version)

    @rule(which=st.integers(0, 7), found=st.lists(st.just(proposal()), max_size=3))
    def propose(self, which: int, found: list[Proposal]) -> None:
        if self.visits[which].is_open:
            self.visits[which].offer(found, NOW)

    @rule(which=st.integers(0, 7))
    def come_back(self, which: int) -> None:
        if not self.visits[which].is_open:
            visit = self.visits[which]
            times = {"start_at": visit.start_at, "end_at": visit.end_at}
            place = {"site_id": SITE, "zone": ZONE.key, "practitioner_id": PRACTITIONER}
            visit.relist(NOW, **place, **times)
            self.visits[which].call()

    @invariant()
    def it_is_open_or_settled(self) -> None:
        assert sum(visit.is_open for visit in self.visits) == sum(visit.state in OPEN for visit in self.visits)

    @invariant()
    def every_change_was_told_in_order(self) -> None:
        for visit in self.visits:
            assert [told.version for told in visit.events] == list(range(1, visit.version + 1))
            assert visit.events[-1].state == visit.state
            assert (visit.state == "offered") <= bool(visit.proposals)
            assert (visit.expires_at is None) == (not visit.proposals)


AListOfVisits.TestCase.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)
test_a_list_of_visits = AListOfVisits.TestCase
