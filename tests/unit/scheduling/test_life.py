"""The life of an appointment: every step from every stage, and any sequence of steps."""

from dataclasses import fields
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.errors import AppointmentNotBegun, NotYet
from services.scheduling.domain.life import STEPS, status_of
from shared.errors import Refused
from shared.events.scheduling import AppointmentCondition
from tests.unit.scheduling.living import ACT, ARRIVAL, LATER, MOVED, NINE, ROOM, WAYS, at_stage, proposed
from tests.unit.scheduling.making import NOW, PATIENT, PRACTITIONER, TODAY, at, booked, schedule, wish

# What each step leads to, written down anew: stage -> step -> stage. What is not here is refused.
LEGAL: dict[str, dict[str, str]] = {
    "proposed": {
        "accept": "booked",
        "decline": "cancelled",
        "move": "proposed",
        "cancel": "cancelled",
        "enter-in-error": "entered-in-error",
    },
    "booked": {
        "move": "booked",
        "confirm": "confirmed",
        "cancel": "cancelled",
        "check-in": "arrived",
        "no-show": "noshow",
        "delay": "booked",
        "enter-in-error": "entered-in-error",
    },
    "confirmed": {
        "move": "booked",
        "confirm": "confirmed",
        "unconfirm": "booked",
        "cancel": "cancelled",
        "check-in": "arrived",
        "no-show": "noshow",
        "delay": "confirmed",
        "enter-in-error": "entered-in-error",
    },
    "arrived": {
        "undo-check-in": "booked",
        "start": "in-room",
        "finish": "done",
        "delay": "arrived",
        "enter-in-error": "entered-in-error",
    },
    "in-room": {
        "undo-check-in": "booked",
        "start": "in-room",
        "undo-start": "arrived",
        "finish": "done",
        "enter-in-error": "entered-in-error",
    },
    "done": {
        "undo-check-in": "booked",
        "start": "in-room",
        "undo-finish": "in-room",
        "enter-in-error": "entered-in-error",
    },
    "fulfilled": {},
    "cancelled": {"reinstate": "booked", "enter-in-error": "entered-in-error"},
    "noshow": {"undo-no-show": "booked", "enter-in-error": "entered-in-error"},
    "entered-in-error": {},
}
BY_DESK = sorted(set(ACT) - {"fulfil"})
SLUGS = {
    "accept": "appointment-not-proposed",
    "decline": "appointment-not-proposed",
    "unconfirm": "appointment-not-confirmed",
    "reinstate": "appointment-not-cancelled",
    "undo-check-in": "appointment-not-arrived",
    "start": "appointment-not-arrived",
    "undo-start": "appointment-not-in-room",
    "finish": "appointment-not-in-room",
    "undo-finish": "appointment-not-done",
    "undo-no-show": "appointment-not-noshow",
}
FINAL = {"fulfilled": "visit-already-finished", "entered-in-error": "appointment-entered-in-error"}


def condition_of(appointment: Appointment) -> dict[str, Any]:
    return {each.name: getattr(appointment, each.name) for each in fields(AppointmentCondition)}


def test_the_table_has_every_step_and_every_stage() -> None:
    assert set(STEPS) == set(BY_DESK)
    assert set(LEGAL) == set(WAYS)


@pytest.mark.parametrize("stage", LEGAL)
@pytest.mark.parametrize("step", BY_DESK)
def test_every_step_from_every_stage_leads_where_it_should_or_changes_nothing(stage: str, step: str) -> None:
    """A refusal names what the appointment is and what can be done. Seen red by: a stage more, or less, in a step."""
    appointment = at_stage(stage)
    assert appointment.stage == stage
    before = condition_of(appointment)
    if step in LEGAL[stage]:
        ACT[step](appointment)
        assert appointment.stage == LEGAL[stage][step]
        assert appointment.version == before["version"] + 1
        assert condition_of(appointment) == vars(appointment.events[-1])
        (change,) = appointment.changes
        assert (change.step, change.before.stage, change.after.stage) == (step, stage, appointment.stage)
    else:
        with pytest.raises(Refused) as refused:
            ACT[step](appointment)
        slug = FINAL.get(stage) or SLUGS.get(step, "appointment-not-booked")
        assert refused.value.slug == slug
        can = refused.value.details["can"]
        assert refused.value.details | {"can": sorted(can)} == {
            "status": status_of(stage),  # type: ignore[arg-type]
            "stage": stage,
            "can": sorted(LEGAL[stage]),
        }
        assert (condition_of(appointment), appointment.events, appointment.changes) == (before, [], [])


@pytest.mark.parametrize("stage", LEGAL)
def test_a_finished_encounter_fulfils_from_every_stage(stage: str) -> None:
    """Seen red by: a finished encounter that is passed over where the appointment was entered in error."""
    appointment = at_stage(stage)
    appointment.fulfil(ARRIVAL, NOW)
    assert appointment.stage == "fulfilled"
    ended = (appointment.cancelled_at, appointment.cancelled_by, appointment.noshow_at)
    assert ended == (None, None, None)
    assert [told.type for told in appointment.events] == ([] if stage == "fulfilled" else ["appointment-fulfilled"])


def test_a_cancellation_says_by_whom_and_how_long_before() -> None:
    """Below zero: after the start. Seen red by: hours for minutes; the notice counted the other way."""
    early, late = booked("2026-11-23 09:00"), booked("2026-11-23 09:00")
    early.cancel("called", at("2026-11-22 08:30"), "patient")
    late.cancel("left", at("2026-11-23 09:20"), "clinic")
    assert (early.cancelled_by, early.cancelled_notice_minutes) == ("patient", 24 * 60 + 30)
    assert (late.cancelled_by, late.cancelled_notice_minutes) == ("clinic", -20)
    early.reinstate(1)
    assert (early.cancelled_by, early.cancelled_notice_minutes) == (None, None)


def test_a_declined_proposal_is_cancelled_by_the_patient() -> None:
    appointment = proposed()
    appointment.decline("too early", NOW)
    assert (appointment.status, appointment.cancelled_by) == ("cancelled", "patient")
    assert [told.type for told in appointment.events] == ["appointment-proposed", "appointment-cancelled"]


def test_an_accepted_proposal_is_a_booked_appointment_and_was_agreed_then() -> None:
    appointment = proposed()
    appointment.accept(LATER)
    assert (appointment.status, appointment.booked_at) == ("booked", LATER)
    assert appointment.events[-1].type == "appointment-booked"


@pytest.mark.requirement("7c")
def test_a_move_tells_where_it_was_with_whom_and_until_when_and_voids_what_was_said_of_the_old_time() -> None:
    """Seen red by: `previous_*` taken after the move; a confirmation that lasts."""
    appointment = at_stage("confirmed")
    appointment.delay(20)
    old = appointment.during
    appointment.move(MOVED, UUID(int=33), lane=1)
    told = appointment.events[-1]
    assert told.type == "appointment-rescheduled"
    assert (told.previous_start_at, told.previous_end_at) == (old.start_at, old.end_at)
    assert (told.previous_practitioner_id, told.practitioner_id) == (PRACTITIONER, UUID(int=33))
    assert (told.start_at, told.end_at) == (MOVED.start_at, MOVED.end_at)
    assert (told.confirmed_at, told.confirmed_by, told.delay_minutes) == (None, None, None)


def test_nobody_has_missed_an_appointment_before_its_start() -> None:
    """Seen red by: the check left out."""
    appointment = booked("2026-11-23 09:00")
    with pytest.raises(AppointmentNotBegun):
        appointment.mark_noshow(at("2026-11-23 08:59"))
    assert appointment.stage == "booked"
    appointment.mark_noshow(NINE)


def test_who_walks_in_is_here_from_the_first_fact_on() -> None:
    """So that nobody is texted about it. Seen red by: booked first and arrived after."""

    def begin(appointment: Appointment) -> None:
        appointment.walk_in_now(ARRIVAL, LATER)

    appointment = schedule().book(UUID(int=7), PATIENT, wish(NINE), TODAY, begin)
    (told,) = appointment.events
    assert (told.type, told.version, told.status, told.walk_in) == ("appointment-arrived", 1, "arrived", True)
    with pytest.raises(NotYet):
        schedule().book(UUID(int=8), PATIENT, wish("2026-11-24 09:00"), TODAY, begin)


def test_an_undone_check_in_leaves_no_room_and_no_end() -> None:
    appointment = at_stage("done")
    assert appointment.room_id == ROOM
    appointment.undo_check_in()
    assert (appointment.in_room_at, appointment.done_at, appointment.room_id) == (None, None, None)


class OneLife(RuleBasedStateMachine):
    """One appointment, told any steps in any order, against the table above."""

    def __init__(self) -> None:
        super().__init__()
        self.appointment = proposed()
        self.stage = "proposed"
        self.steps: list[str] = ["propose"]
        self.in_room = False

    @rule(step=st.sampled_from(BY_DESK))
    def take(self, step: str) -> None:
        expected = LEGAL[self.stage].get(step)
        if expected is None:
            with pytest.raises(Refused):
                ACT[step](self.appointment)
            return
        if step == "undo-finish" and not self.in_room:  # who was never in the room goes back to waiting
            expected = "arrived"
        before_move = self.appointment.during.start_at
        if step == "no-show" and before_move > LATER:
            with pytest.raises(AppointmentNotBegun):
                ACT[step](self.appointment)
            return
        if step == "undo-check-in" and self.appointment.confirmed_at:
            expected = "confirmed"
        if step in ("reinstate", "undo-no-show") and self.appointment.confirmed_at:
            expected = "confirmed"
        ACT[step](self.appointment)
        self.stage = expected
        self.steps.append(step)
        self.in_room = {"start": True, "undo-start": False, "undo-check-in": False, "check-in": False}.get(
            step, self.in_room
        )

    @rule()
    def finish_the_encounter(self) -> None:
        if self.stage != "fulfilled":
            self.steps.append("fulfil")
        self.appointment.fulfil(ARRIVAL, NOW)
        self.stage = "fulfilled"

    @invariant()
    def the_stage_is_the_one_of_the_table(self) -> None:
        assert self.appointment.stage == self.stage
        assert self.appointment.status == status_of(self.appointment.stage)

    @invariant()
    def every_step_is_one_version_one_fact_and_one_line_of_history(self) -> None:
        told = self.appointment.events
        assert [each.version for each in told] == list(range(1, len(self.steps) + 1))
        assert vars(told[-1]) == condition_of(self.appointment)
        changes = self.appointment.changes
        assert [each.step for each in changes] == self.steps
        assert [each.before for each in changes] == [None, *(each.after for each in changes[:-1])]

    @invariant()
    def what_ended_it_is_said_only_while_it_holds(self) -> None:
        assert (self.appointment.cancelled_at is not None) == (self.stage == "cancelled") or self.stage == (
            "entered-in-error"
        )
        assert (self.appointment.noshow_at is not None) == (self.stage == "noshow") or self.stage == "entered-in-error"


TestOneLife = OneLife.TestCase
TestOneLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
