"""Guesses cost time: so many wrong ones in a row are free, then one waits 1, 2, 4 ... seconds; over all gateways.

Real time, since it is people and programs that wait.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gateway.repository import LookUps
from shared.errors import DomainError

FREE_FAILURES = 5
FAILURES_COUNT_FOR = timedelta(minutes=15)
LONGEST_WAIT_S = 300


class TooManyTries(DomainError):
    """Too many wrong guesses in a row: wait `retry_after` seconds."""

    slug = "too-many-tries"
    status = 429


@dataclass(frozen=True)
class Guesses:
    """Counts guesses by whose they are; of names and logins only a hash is kept."""

    look_ups: LookUps

    def take(self, whose: str) -> None:
        """Counts one before anything is looked at, in one statement: those of one moment are counted one by one.

        Raises TooManyTries where it is too early for one, which then does not count.
        """
        now = datetime.now(UTC)
        left = self.look_ups.take_attempt(_hash(whose), now, now - FAILURES_COUNT_FOR, FREE_FAILURES, LONGEST_WAIT_S)
        if left > 0:
            raise TooManyTries({"retry_after": int(left) + 1})

    def give_back(self, whose: str) -> None:
        """It was right, or came to no answer: it does not count."""
        self.look_ups.give_attempt_back(_hash(whose))

    def forget(self, whose: str) -> None:
        """Whoever knows it is no guesser: what was wrong before counts no more."""
        self.look_ups.forget_failures(_hash(whose))


def _hash(whose: str) -> bytes:
    return hashlib.sha256(whose.encode()).digest()
