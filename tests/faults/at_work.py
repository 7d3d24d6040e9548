"""What an errand finds at its desk: how it writes and reads, its dice, and diaries that no other desk books."""

import random
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

from diaries import Diaries, opened
from fix_desk import Desk, Diary, Json
from writing import Writing

from shared.ids import new_id

# An errand does a step, and comes back to the next one when its desk has time.
Errand = Generator[None, None, None]
PATIENCE_S = 240.0
A_DAY = 96  # quarter hours
# Visits side by side in the diary of those who walk in, or do not come.
_WIDE = 10


@dataclass
class AtWork:
    """`keep` gives the desk a booking to go on with, `finish` an encounter to finish when it may be."""

    writing: Writing
    desk: Desk
    dice: random.Random
    known: Sequence[str]
    shared: Diaries
    keep: Callable[[Json, Diary], None]
    finish: Callable[[str], None]
    _opened: dict[str, Diary] = field(default_factory=dict)
    _days: int = 2

    def patient(self) -> Json:
        return {"patient_id": self.dice.choice(self.known)}

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def diary(self, name: str) -> Diary:
        """`own`; `wide` for several at once; `hours` for changes of them; `abroad` at the second site."""
        if name not in self._opened:
            site = self.desk.elm.sites[1 if name == "abroad" else 0]["site_id"]
            self._opened[name] = opened(self.desk, self.writing.asking, site, _WIDE if name == "wide" else 1)
        return self._opened[name]

    def closing(self) -> Diary:
        """The diary of a site that may be closed, since nobody else works there."""
        if "closing" not in self._opened:
            named = {"name": f"Closing {new_id()}", "zone": "America/New_York"}
            site = self.writing.asking.write("site", "/v1/sites", named, role="manager").answer
            self._opened["closing"] = opened(self.desk, self.writing.asking, site["site_id"])
        return self._opened["closing"]

    def a_day(self) -> int:
        """The place of an hour on a day that no errand of this desk has had."""
        self._days += 1
        return A_DAY * self._days + 4 * self.dice.randrange(6)

    def items(self, path: str, role: str, *, some: bool = False) -> Generator[None, None, list[Json]]:
        """Looks, each time that the desk has time, until that list has an answer (`some`: and is not empty).

        A fault, and an empty list, where it never has.
        """
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            read = self.writing.asking.read(path, role)
            if read and (read["items"] or not some):
                return list(read["items"])
            yield
        self.writing.faults.append(f"{path} never was as it should be")
        return []

    def must(self, true: bool, sentence: str) -> None:
        if not true:
            self.writing.faults.append(sentence)
