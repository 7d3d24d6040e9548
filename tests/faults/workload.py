"""Desks at work, in pairs that want the same times: seeded, at a steady pace, whatever breaks around them."""

import random
import threading
from collections.abc import Iterator

from accounted import Accounts
from asking import Asking, Sessions
from diaries import Diaries
from fix_desk import Desk
from history import History
from seat import Seat

PAIRS = 8
# A full run is to have 50,000 attempts in some 2,820 seconds of load.
ATTEMPTS_PER_S = 19.4
KNOWN_PATIENTS = 48


class Workload:
    """`faults` holds what no desk may see: refusals without a reason, other answers to the same key, no answer."""

    def __init__(self, desk: Desk, doors: list[str], history: History, seed: str) -> None:
        self._desk = desk
        self._history = history
        self._stopping = threading.Event()
        self._seats = list(self._seated(doors, seed))
        self._accounts = Accounts(desk.rows)
        self._threads = [
            threading.Thread(target=seat.work, args=(self._stopping,), daemon=True) for seat in self._seats
        ]

    @property
    def faults(self) -> list[str]:
        return [fault for seat in self._seats for fault in seat.faults]

    @property
    def is_working(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def differences(self) -> tuple[list[str], list[str]]:
        """What is lost of all that was acknowledged, and what is there besides; once all is quiet."""
        return self._accounts.differences(self._history.operations)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Nothing new; what was begun is finished, so the system has to be healed."""
        self._stopping.set()

    def give_up(self) -> None:
        """Who is not finished now is a fault."""
        for seat, thread in zip(self._seats, self._threads, strict=True):
            if thread.is_alive():
                seat.faults.append(f"{seat.name} did not end")

    def _seated(self, doors: list[str], seed: str) -> Iterator[Seat]:
        """Both desks of a pair have the same diaries; each begins at another door."""
        sessions = Sessions(self._desk.elm.accounts)
        known = [self._desk.register(self._desk.insured())["patient_id"] for _ in range(KNOWN_PATIENTS)]
        for pair in range(PAIRS):
            diaries = Diaries(self._desk, f"{seed}/{pair}")
            for side in range(2):
                name = f"desk-{pair}{'ab'[side]}"
                asking = Asking(name, doors[side:] + doors[:side], sessions, self._history)
                dice = random.Random(f"{seed}/{name}")
                pause_s = 2 * PAIRS / ATTEMPTS_PER_S
                yield Seat(name, self._desk, asking, diaries, known, dice, pause_s, 2 * pair + side)
