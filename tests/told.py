"""What an operation that was done says of appointments: which, and what has become of each."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from history import Json, Operation

# One appointment each: the answer's own, or the one that the client knows it to be about.
STATUS = {
    "book": "booked",
    "book-held": "booked",
    "propose": "proposed",
    "accept": "booked",
    "decline": "cancelled",
    "confirm": "booked",
    "unconfirm": "booked",
    "move": "booked",
    "cancel": "cancelled",
    "no-show": "noshow",
    "undo-no-show": "booked",
    "check-in": "arrived",
    "undo-check-in": "booked",
    "walk-in": "arrived",
    "start": "arrived",
    "undo-start": "arrived",
    "done": "arrived",
    "undo-done": "arrived",
    "enter-in-error": "entered-in-error",
    "finish": "fulfilled",
    "accept-proposal": "booked",
    "pick": "booked",
    "cancel-listed": "cancelled",
}
# Those of which the answer's start is the time as it was when the visit was put on a list.
_OF_A_LIST = {"accept-proposal", "pick", "cancel-listed"}
_OF_A_SERIES = {"book-series", "change-series", "cancel-series"}


class Told(NamedTuple):
    """One step of one appointment; `start_at` where it was said."""

    appointment_id: str
    status: str
    start_at: datetime | None
    checks_in: bool = False
    finishes: bool = False


def told_by(operation: Operation) -> Iterator[Told]:
    """Nothing where it was not done, or is about no appointment."""
    if not operation.is_ok:
        return
    if operation.name in STATUS:
        yield _one(operation)
    elif operation.name in _OF_A_SERIES:
        for each in operation.answer["appointments"]:
            yield Told(each["appointment_id"], each["status"], _start(each))
    elif operation.name == "accept-offer":
        yield from _offered(operation)


def _one(operation: Operation) -> Told:
    name = operation.name
    said = operation.about if name in _OF_A_LIST else {**operation.answer, **operation.about}
    checks_in, finishes = name in ("check-in", "walk-in"), name == "finish"
    return Told(said["appointment_id"], STATUS[name], _start(said), checks_in, finishes)


def _offered(operation: Operation) -> Iterator[Told]:
    """The later visit is moved; or, at another site, cancelled once and booked there."""
    booked_id, later_id = operation.answer["booked_id"], operation.about["appointment_id"]
    if booked_id != later_id:
        yield Told(later_id, "cancelled", None)
    yield Told(booked_id, "booked", _start(operation.answer))


def _start(said: Json) -> datetime | None:
    return datetime.fromisoformat(said["start_at"]) if "start_at" in said else None
