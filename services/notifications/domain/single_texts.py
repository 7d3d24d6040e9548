"""What follows from no plan and is sent by itself, at most once: words of a person, and what is said back to a reply.

due -> claimed -> accepted | refused | unknown -> delivered | failed, back to due where the carrier certainly did not
take it, or skipped with its reason.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from services.notifications.domain.texts import CLAIMED, DUE, NOT_TAKEN, REFUSED, SKIPPED, Outcome, says_more

_TRIES = 5
_PAUSE = timedelta(seconds=20)
_LONGEST_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class SingleText:
    """Where one of them stands. `claim_ends_at` and `next_try_at` are real time."""

    status: str = DUE
    reason: str | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    attempt_id: UUID | None = None
    claim_ends_at: datetime | None = None
    sid: str | None = None

    def claim(self, attempt_id: UUID, ends_at: datetime) -> Self:
        """Taken for sending: at most once, but where the carrier certainly did not take it."""
        return replace(self, status=CLAIMED, attempt_id=attempt_id, claim_ends_at=ends_at, tries=self.tries + 1)

    def skip(self, reason: str) -> Self:
        """Not sent, for that reason."""
        return replace(self, status=SKIPPED, reason=reason)

    def settle(self, outcome: Outcome, real_now: datetime, *, for_another: bool = False) -> Self:
        """With what the carrier answered to the attempt in hand. `for_another`: another one is asked next."""
        if outcome.status != NOT_TAKEN:
            return self.hear(outcome)
        if self.status != CLAIMED:
            return self
        return self._as_before() if for_another else self._put_back(outcome, real_now)

    def hear(self, outcome: Outcome) -> Self:
        """With what is known of it; what says nothing new changes nothing."""
        if not says_more(self.status, outcome.status, tried=self.attempt_id is not None):
            return self
        return replace(self, status=outcome.status, reason=outcome.reason, sid=self.sid or outcome.sid)

    def _as_before(self) -> Self:
        """Due at once: a try is over when the last carrier was asked."""
        return replace(self, status=DUE, next_try_at=None, tries=self.tries - 1)

    def _put_back(self, outcome: Outcome, real_now: datetime) -> Self:
        """Due again after a growing pause, or as long as the carrier asks; refused after some tries."""
        if self.tries >= _TRIES:
            return replace(self, status=REFUSED, reason=outcome.reason)
        asked = min(timedelta(seconds=outcome.retry_after_s or 0), _LONGEST_PAUSE)
        return replace(self, status=DUE, next_try_at=real_now + max(_PAUSE * self.tries, asked))
