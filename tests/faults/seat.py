"""One desk: books what its pair wants, and goes on with what it has booked."""

import random
import threading
import time
from collections import deque
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

import urllib3
from asking import Asking
from diaries import Diaries
from expected import Acknowledged
from fix_desk import COUGH, Desk, Diary, Json
from history import TAKEN, Operation

from cli import carrier
from shared.ids import new_id

# What becomes of a booking; the rest is checked in and finished.
MOVED, CANCELLED, THEN_CANCELLED, UNDONE = 0.5, 0.2, 0.35, 0.15
# How often it is a newcomer who books, who then writes STOP; how often something is asked for again with its key.
NEWCOMERS, STOPS, REPEATED = 0.08, 0.25, 0.1
TOMORROW, PLACES_OF_TOMORROW = 96, 48
# So many of its bookings a desk leaves as they are for a while.
LATER = 4
# How a desk may be refused; any other refusal is a fault.
PENDING = "encounter-pending"
REFUSALS = {"book": {TAKEN}, "move": {TAKEN}, "finish": {PENDING}}
PENDING_PAUSE_S = 0.5
PENDING_S = 240.0


class Booked(NamedTuple):
    """What this desk has booked and has still to go on with."""

    appointment: Json
    diary: Diary
    number: str  # of a newcomer


class Open(NamedTuple):
    """A visit whose encounter is to be finished, tried again when the time has come."""

    appointment: Json
    encounter_id: str
    again_at: float
    given_up_at: float


class Seat:
    """`work` in a thread of its own until it is told to stop; what was begun is then finished."""

    def __init__(
        self,
        name: str,
        desk: Desk,
        asking: Asking,
        diaries: Diaries,
        acknowledged: Acknowledged,
        known: Sequence[str],
        dice: random.Random,
        pause_s: float,
    ) -> None:
        self.name = name
        self.faults: list[str] = []
        self._desk = desk
        self._asking = asking
        self._diaries = diaries
        self._acknowledged = acknowledged
        self._known = known
        self._dice = dice
        self._pause_s = pause_s
        self._booked: deque[Booked] = deque()
        self._open: deque[Open] = deque()

    def work(self, stopping: threading.Event) -> None:
        """At a steady pace; what a stall has cost is caught up with."""
        began = time.monotonic()
        try:
            for turn in count():
                if stopping.wait(max(0.0, began + turn * self._pause_s - time.monotonic())):
                    break
                self._book(turn)
                self._go_on(but=LATER)
                self._finish_one()
            while self._booked or self._open:
                self._go_on()
                self._finish_one()
                time.sleep(PENDING_PAUSE_S / 10)
        except Exception as error:  # told to the run as it is
            self.faults.append(f"{self.name}: {type(error).__name__}: {error}")

    def _book(self, turn: int) -> None:
        diary, place = self._diaries.wish(turn, self._asking)
        newcomer = self._desk.newcomer() if self._dice.random() < NEWCOMERS else {}
        who = {"new_patient": newcomer} if newcomer else {"patient_id": self._dice.choice(self._known)}
        booked = self._write("book", "/v1/appointments", diary.body(place, **who))
        if booked.is_ok:
            self._acknowledged.visit(booked.answer)
            self._booked.append(Booked(booked.answer, diary, newcomer.get("phone", "")))

    def _go_on(self, but: int = 0) -> None:
        """With what was booked first, unless the other desk of the pair may still have to ask for that time."""
        if len(self._booked) <= but:
            return
        appointment, diary, number = self._booked.popleft()
        if number and self._dice.random() < STOPS:
            self._stop(number)
        chance = self._dice.random()
        if chance < MOVED:
            place = TOMORROW + self._dice.randrange(PLACES_OF_TOMORROW)
            self._act("move", appointment, {"start_at": diary.start(place)})
            if self._dice.random() < THEN_CANCELLED:
                self._act("cancel", appointment, {"reason": "patient called"})
        elif chance < MOVED + CANCELLED:
            self._act("cancel", appointment, {"reason": "patient called"})
        else:
            self._receive(appointment)

    def _receive(self, appointment: Json) -> None:
        arrived = self._act("check-in", appointment, {})
        if not arrived.is_ok:
            return
        if self._dice.random() < UNDONE:
            self._act("undo-check-in", appointment, {})
            return
        now = time.monotonic()
        self._open.append(Open(arrived.answer, arrived.answer["encounter_id"], now, now + PENDING_S))

    def _finish_one(self) -> None:
        """The visit that has waited longest. Its encounter may still have to be opened: then later, under a new key."""
        if not self._open or self._open[0].again_at > time.monotonic():
            return
        one = self._open.popleft()
        done = self._write("finish", f"/v1/encounters/{one.encounter_id}/finish", COUGH, role="clinician")
        if done.is_ok:
            self._acknowledged.finish(one.appointment, one.encounter_id)
        elif time.monotonic() > one.given_up_at:
            self.faults.append(f"encounter {one.encounter_id} was never opened")
        elif done.slug == PENDING:
            self._open.append(one._replace(again_at=time.monotonic() + PENDING_PAUSE_S))

    def _act(self, verb: str, appointment: Json, body: Json) -> Operation:
        done = self._write(verb, f"/v1/appointments/{appointment['appointment_id']}/{verb}", body)
        if done.is_ok:
            self._acknowledged.visit(done.answer)
        return done

    def _stop(self, number: str) -> None:
        """The patient's reply comes by the carrier, which sends it again under its id until it is taken."""
        message_id, sender = str(new_id()), self._desk.elm.sender_number

        def reply(door: str) -> tuple[int, Json]:
            try:
                return carrier.reply(door, number, sender, "STOP", message_id), {}
            except (OSError, urllib3.exceptions.HTTPError):
                return 0, {}

        if self._asking.settle("stop", number, reply).is_ok:
            self._acknowledged.opt_out(number)

    def _write(self, name: str, path: str, body: Json, role: str = "secretary") -> Operation:
        """Asked for until it is settled, and now and then once more: the same key has the same answer."""
        key = str(new_id())
        done = self._asking.write(name, path, body, role=role, subject=path, key=key)
        if not done.is_ok and done.slug not in REFUSALS.get(name, set()):
            self.faults.append(f"{name} {path} was refused: {done.status} {done.slug}")
        elif done.slug != PENDING and self._dice.random() < REPEATED:
            again = self._asking.write("repeat", path, body, role=role, subject=path, key=key)
            if (again.status, _said(again)) != (done.status, _said(done)):
                self.faults.append(f"{name} {path} had another answer for the same key: {again.status} {again.slug}")
        return done


def _said(operation: Operation) -> Json:
    """The answer; of a problem not the number of the request that it came with."""
    return {name: value for name, value in operation.answer.items() if name != "correlation_id"}
