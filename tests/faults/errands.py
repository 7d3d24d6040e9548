"""What a desk does now and then beside booking: one errand at a time or several, each going on when there is time."""

import time
from collections import deque
from collections.abc import Callable

from at_work import AtWork, Errand
from errands_of_absences import called_in_sick, closed
from errands_of_holds import held
from errands_of_hours import changed
from errands_of_series import agreed
from errands_of_the_day import missed, proposed, walked_in
from errands_of_waitlist import waited
from fix_desk import Diary

# So often a turn of a desk begins one too (about six of a hundred operations), and its wish is held first.
OFTEN, HELD_FIRST = 0.03, 0.025
KINDS: tuple[Callable[[AtWork], Errand], ...] = (
    proposed,
    missed,
    walked_in,
    agreed,
    called_in_sick,
    closed,
    waited,
    waited,
    changed,
)
_AGAIN_S = 0.4


class Errands:
    """Those that one desk has begun; by turns, so that a short run has each kind too."""

    def __init__(self, at: AtWork, first: int) -> None:
        self._at = at
        self._turn = first
        self._open: deque[Errand] = deque()
        self._again_at = 0.0

    @property
    def are_done(self) -> bool:
        return not self._open

    def begin(self) -> None:
        """The next kind."""
        self._open.append(KINDS[self._turn % len(KINDS)](self._at))
        self._turn += 1

    def hold(self, diary: Diary, place: int) -> None:
        """At once, since the other desk of the pair wants that time in this moment."""
        self._step(held(self._at, diary, place))

    def go_on(self) -> None:
        """One step of the one that has waited longest."""
        if not self._open or time.monotonic() < self._again_at:
            return
        errand = self._open.popleft()
        self._again_at = time.monotonic() + _AGAIN_S / (1 + len(self._open))
        self._step(errand)

    def _step(self, errand: Errand) -> None:
        try:
            next(errand)
        except StopIteration:
            return
        self._open.append(errand)
