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
from at_work import AtWork
from diaries import Diaries
from errands import HELD_FIRST, OFTEN, Errands
from fix_desk import COUGH, Desk, Diary, Json
from writing import PENDING, Writing

from cli import carrier
from shared.ids import new_id

# What becomes of a booking; the rest is checked in and finished.
MOVED, CANCELLED, THEN_CANCELLED, UNDONE = 0.5, 0.2, 0.35, 0.15
# How often it is a newcomer who books, who then writes STOP.
NEWCOMERS, STOPS = 0.08, 0.25
TOMORROW, PLACES_OF_TOMORROW = 96, 48
# So many of its bookings a desk leaves as they are for a while.
LATER = 4
PENDING_PAUSE_S = 0.5
PENDING_S = 240.0


class Booked(NamedTuple):
    """What this desk has booked and has still to go on with."""

    appointment: Json
    diary: Diary
    number: str  # of a newcomer


class Open(NamedTuple):
    """A visit whose encounter is to be finished, tried again when the time has come."""

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
        known: Sequence[str],
        dice: random.Random,
        pause_s: float,
        number: int = 0,
    ) -> None:
        self.name = name
        self.faults: list[str] = []
        self._desk = desk
        self._asking = asking
        self._writing = Writing(asking, dice, self.faults)
        self._diaries = diaries
        self._known = known
        self._dice = dice
        self._pause_s = pause_s
        self._booked: deque[Booked] = deque()
        self._open: deque[Open] = deque()
        at = AtWork(self._writing, desk, dice, known, diaries, self._keep, self._to_finish)
        self._errands = Errands(at, number)

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
                self._errands.go_on()
            while self._booked or self._open or not self._errands.are_done:
                self._go_on()
                self._finish_one()
                self._errands.go_on()
                time.sleep(PENDING_PAUSE_S / 10)
        except Exception as error:  # told to the run as it is
            self.faults.append(f"{self.name}: {type(error).__name__}: {error}")

    def _book(self, turn: int) -> None:
        diary, place = self._diaries.wish(turn, self._asking)
        if self._dice.random() < OFTEN:
            self._errands.begin()
        if self._dice.random() < HELD_FIRST:
            self._errands.hold(diary, place)
            return
        newcomer = self._desk.newcomer() if self._dice.random() < NEWCOMERS else {}
        who = {"new_patient": newcomer} if newcomer else {"patient_id": self._dice.choice(self._known)}
        booked = self._writing.write("book", "/v1/appointments", diary.body(place, **who))
        if booked.is_ok:
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
            self._writing.act("move", appointment, {"start_at": diary.start(place)})
            if self._dice.random() < THEN_CANCELLED:
                self._writing.act("cancel", appointment, {"reason": "patient called"})
        elif chance < MOVED + CANCELLED:
            self._writing.act("cancel", appointment, {"reason": "patient called"})
        else:
            self._receive(appointment)

    def _receive(self, appointment: Json) -> None:
        arrived = self._writing.act("check-in", appointment)
        if not arrived.is_ok:
            return
        if self._dice.random() < UNDONE:
            self._writing.act("undo-check-in", appointment)
            return
        self._to_finish(arrived.answer["encounter_id"])

    def _to_finish(self, encounter_id: str) -> None:
        now = time.monotonic()
        self._open.append(Open(encounter_id, now, now + PENDING_S))

    def _keep(self, appointment: Json, diary: Diary) -> None:
        self._booked.append(Booked(appointment, diary, ""))

    def _finish_one(self) -> None:
        """The visit that has waited longest. Its encounter may still have to be opened: then later, under a new key."""
        if not self._open or self._open[0].again_at > time.monotonic():
            return
        one = self._open.popleft()
        done = self._writing.write("finish", f"/v1/encounters/{one.encounter_id}/finish", COUGH, role="clinician")
        if not done.is_ok and time.monotonic() > one.given_up_at:
            self.faults.append(f"encounter {one.encounter_id} was never opened")
        elif done.slug == PENDING:
            self._open.append(one._replace(again_at=time.monotonic() + PENDING_PAUSE_S))

    def _stop(self, number: str) -> None:
        """The patient's reply comes by the carrier, which sends it again under its id until it is taken."""
        message_id, sender = str(new_id()), self._desk.elm.sender_number

        def reply(door: str) -> tuple[int, Json]:
            try:
                return carrier.reply(door, number, sender, "STOP", message_id), {}
            except (OSError, urllib3.exceptions.HTTPError):
                return 0, {}

        self._asking.settle("stop", number, reply)
