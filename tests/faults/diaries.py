"""The times that one pair of desks wants: one practitioner's day after the other, in the same order for both."""

import random
import threading

from asking import Asking
from fix_desk import QUARTER, Desk, Diary

from cli.seeding import AROUND_THE_CLOCK
from shared.ids import new_id

PLACES = 40


class Diaries:
    """Whoever of the pair comes first opens the next practitioner's diary."""

    def __init__(self, desk: Desk, seed: str) -> None:
        self._desk = desk
        self._seed = seed
        self._opened: list[Diary] = []
        self._ahead: Diary | None = None
        self._lock = threading.Lock()

    def beside(self, asking: Asking) -> Diary:
        """One more diary that both desks of the pair use, for what is agreed weeks ahead."""
        with self._lock:
            self._ahead = self._ahead or self._open(asking)
            return self._ahead

    def wish(self, turn: int, asking: Asking) -> tuple[Diary, int]:
        """Whose time, and which quarter hour of it, is wanted at that turn."""
        number, place = divmod(turn, PLACES)
        order = random.Random(f"{self._seed}/{number}").sample(range(PLACES), PLACES)
        with self._lock:
            while len(self._opened) <= number:
                self._opened.append(self._open(asking))
            return self._opened[number], order[place]

    def _open(self, asking: Asking) -> Diary:
        return opened(self._desk, asking, self._desk.elm.sites[0]["site_id"])


def opened(desk: Desk, asking: Asking, site_id: str, lanes: int = 1) -> Diary:
    """The diary of a new practitioner, who works around the clock."""
    person = {"given": "Noor", "family": f"Adeyemi {new_id()}"}
    made = asking.write("practitioner", "/v1/practitioners", person, role="manager").answer
    hours = {"practitioner_id": made["practitioner_id"], "site_id": site_id, "lanes": lanes, "weekly": AROUND_THE_CLOCK}
    asking.write("hours", "/v1/working-hours", hours, role="manager")
    kind = desk.elm.types[0]["appointment_type_id"]
    return Diary(site_id, made["practitioner_id"], kind, desk.now + QUARTER)
