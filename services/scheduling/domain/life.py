"""The life of an appointment: its stages, and the one table of the steps that lead from one to another.

    proposed -> booked -> arrived -> fulfilled            fulfilled and entered in error are final
             -> cancelled  -> noshow                      every other step has one that undoes it

A *status* is FHIR R4's AppointmentStatus. A *stage* is finer, since FHIR has no status for some of what a desk tells
apart: a confirmed appointment is booked, one whose patient is in the room or done is arrived.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.scheduling.domain.errors import (
    AppointmentNotArrived,
    AppointmentNotBooked,
    AppointmentNotCancelled,
    AppointmentNotConfirmed,
    AppointmentNotDone,
    AppointmentNotInRoom,
    AppointmentNotNoshow,
    AppointmentNotProposed,
    EnteredInError,
    VisitAlreadyFinished,
)
from shared.errors import Refused

Status = Literal["proposed", "booked", "arrived", "fulfilled", "cancelled", "noshow", "entered-in-error"]
Stage = Literal[
    "proposed",
    "booked",
    "confirmed",
    "arrived",
    "in-room",
    "done",
    "fulfilled",
    "cancelled",
    "noshow",
    "entered-in-error",
]

# The status of a stage that is none itself.
_STATUS: Mapping[Stage, Status] = {"confirmed": "booked", "in-room": "arrived", "done": "arrived"}


@dataclass(frozen=True)
class Step:
    """`fits` are the stages that it may be taken from; elsewhere it is refused for the reason `otherwise`."""

    fits: tuple[Stage, ...]
    otherwise: type[Refused]


_EXPECTED: tuple[Stage, ...] = ("booked", "confirmed")
_HERE: tuple[Stage, ...] = ("arrived", "in-room", "done")

# By the word of the API's address. An encounter that finishes in records fulfils its appointment from any stage.
STEPS: Mapping[str, Step] = {
    "accept": Step(("proposed",), AppointmentNotProposed),
    "decline": Step(("proposed",), AppointmentNotProposed),
    "move": Step(("proposed", *_EXPECTED), AppointmentNotBooked),
    "confirm": Step(_EXPECTED, AppointmentNotBooked),
    "unconfirm": Step(("confirmed",), AppointmentNotConfirmed),
    "cancel": Step(("proposed", *_EXPECTED), AppointmentNotBooked),
    "reinstate": Step(("cancelled",), AppointmentNotCancelled),
    "check-in": Step(_EXPECTED, AppointmentNotBooked),
    "undo-check-in": Step(_HERE, AppointmentNotArrived),
    "start": Step(_HERE, AppointmentNotArrived),
    "undo-start": Step(("in-room",), AppointmentNotInRoom),
    "finish": Step(("arrived", "in-room"), AppointmentNotInRoom),
    "undo-finish": Step(("done",), AppointmentNotDone),
    "no-show": Step(_EXPECTED, AppointmentNotBooked),
    "undo-no-show": Step(("noshow",), AppointmentNotNoshow),
    "delay": Step((*_EXPECTED, "arrived"), AppointmentNotBooked),
    "enter-in-error": Step(("proposed", *_EXPECTED, *_HERE, "cancelled", "noshow"), EnteredInError),
}


def stage_of(
    status: Status, confirmed_at: datetime | None, in_room_at: datetime | None, done_at: datetime | None
) -> Stage:
    """The stage of an appointment of that status and with those times."""
    if status == "booked":
        return "confirmed" if confirmed_at else "booked"
    if status == "arrived":
        return "done" if done_at else "in-room" if in_room_at else "arrived"
    return status


def status_of(stage: Stage) -> Status:
    """The FHIR status of a stage."""
    return _STATUS.get(stage, stage)  # type: ignore[arg-type]  # a stage that is not in the table is a status


def has_begun(stage: Stage) -> bool:
    """Whether the patient is here, or was."""
    return stage in (*_HERE, "fulfilled")


def steps_from(stage: Stage) -> list[str]:
    """What can be done at that stage, by the words of the API."""
    return [name for name, step in STEPS.items() if stage in step.fits]


def require(step: str, stage: Stage) -> None:
    """Raises the step's own refusal where it does not fit the stage; for what is final, the reason why it is."""
    if stage in STEPS[step].fits:
        return
    final: Mapping[Stage, type[Refused]] = {"fulfilled": VisitAlreadyFinished, "entered-in-error": EnteredInError}
    raise final.get(stage, STEPS[step].otherwise)(
        {"status": status_of(stage), "stage": stage, "can": steps_from(stage)}
    )
