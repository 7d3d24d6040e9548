"""A carrier that takes no texts is left alone for a while: else each due text would spend itself on it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.notifications.domain.texts import NOT_TAKEN, UNKNOWN, Outcome
from shared.clock import Clock

_PATIENT_FOR = 3
_FIRST_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 120.0


class CarrierWatch:
    """One process's view of the carrier, in real time.

    After three attempts in a row that were not taken or not answered it pauses; after each pause one text tries the
    carrier again, and pauses grow until one is answered.
    """

    def __init__(self, real_time: Clock) -> None:
        self._real_time = real_time
        self._in_vain = 0
        self._paused_until: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the carrier took or answered what it was asked last, for all that is known."""
        return self._paused_until is None

    def may_ask(self, at_once: int) -> int:
        """How many texts may be claimed now, at most `at_once`: none, or the one that tries the carrier again."""
        if self._paused_until is None:
            return at_once
        return int(self._real_time.now() >= self._paused_until)

    def heard(self, outcomes: Sequence[Outcome]) -> None:
        """What became of an attempt, with one text or several."""
        if any(outcome.status not in {NOT_TAKEN, UNKNOWN} for outcome in outcomes):
            self._in_vain, self._paused_until = 0, None
            return
        self._in_vain += 1
        if self._in_vain >= _PATIENT_FOR:
            pause = min(_FIRST_PAUSE_S * 2 ** (self._in_vain - _PATIENT_FOR), _LONGEST_PAUSE_S)
            self._paused_until = self._real_time.now() + timedelta(seconds=pause)


class NeverAway(CarrierWatch):
    """Of whoever is asked always, whatever became of it: the pause of each text is pause enough."""

    def heard(self, outcomes: Sequence[Outcome]) -> None:
        """Nothing follows from it."""
