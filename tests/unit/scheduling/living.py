"""An appointment at every stage of its life, and every step by its word: what tests of the step table are made of."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.time_range import TimeRange
from tests.unit.scheduling.making import NOW, PATIENT, PRACTITIONER, TODAY, at, schedule, wish

ARRIVAL, ROOM = UUID(int=77), UUID(int=88)
NINE, LATER = at("2026-11-23 09:00"), at("2026-11-23 09:10")
MOVED = TimeRange.lasting(at("2026-11-23 10:00"), timedelta(minutes=30))

# Each as a desk would do it ten minutes after the start.
ACT: Mapping[str, Callable[[Appointment], None]] = {
    "accept": lambda it: it.accept(LATER),
    "decline": lambda it: it.decline("too early", LATER),
    "move": lambda it: it.move(MOVED, PRACTITIONER, lane=1),
    "confirm": lambda it: it.confirm("patient", LATER),
    "unconfirm": lambda it: it.unconfirm(),
    "cancel": lambda it: it.cancel("called", LATER, "patient"),
    "reinstate": lambda it: it.reinstate(1),
    "check-in": lambda it: it.check_in(ARRIVAL, LATER),
    "undo-check-in": lambda it: it.undo_check_in(),
    "start": lambda it: it.start(ROOM, LATER),
    "undo-start": lambda it: it.undo_start(),
    "finish": lambda it: it.finish(LATER),
    "undo-finish": lambda it: it.undo_finish(),
    "no-show": lambda it: it.mark_noshow(LATER),
    "undo-no-show": lambda it: it.undo_noshow(1),
    "delay": lambda it: it.delay(20),
    "enter-in-error": lambda it: it.enter_in_error("wrong patient"),
    "fulfil": lambda it: it.fulfil(ARRIVAL, NOW),
}

# How each stage is come to.
WAYS: Mapping[str, tuple[str, ...]] = {
    "proposed": (),
    "booked": ("accept",),
    "confirmed": ("accept", "confirm"),
    "arrived": ("accept", "check-in"),
    "in-room": ("accept", "check-in", "start"),
    "done": ("accept", "check-in", "start", "finish"),
    "fulfilled": ("accept", "check-in", "fulfil"),
    "cancelled": ("accept", "cancel"),
    "noshow": ("accept", "no-show"),
    "entered-in-error": ("accept", "enter-in-error"),
}


def proposed() -> Appointment:
    """A proposal of nine o'clock, as it is when it was just made."""
    return schedule().book(UUID(int=7), PATIENT, wish(NINE), TODAY, Appointment.propose)


def at_stage(stage: str) -> Appointment:
    """An appointment at that stage, with nothing left to tell."""
    appointment = proposed()
    for step in WAYS[stage]:
        ACT[step](appointment)
    appointment.events.clear()
    appointment.changes.clear()
    return appointment
