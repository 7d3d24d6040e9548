"""How many texts one sender number may send now: what a carrier takes from it in a second, and no more.

The generic cell rate algorithm (ITU-T I.371, virtual scheduling) with a second's worth at once. Real time.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

_AT_ONCE_S = 1.0


@dataclass(frozen=True)
class Pace:
    """`free_at`: when the number would have sent all that it was given, None: long ago."""

    per_second: float
    free_at: datetime | None

    def room(self, now: datetime) -> int:
        """How many may go now. A number that has rested may always send one, however slow it is."""
        ahead = self._ahead_s(now)
        if ahead == 0:
            return max(1, math.floor(_AT_ONCE_S * self.per_second))
        return max(0, math.floor((_AT_ONCE_S - ahead) * self.per_second))

    def takes_one_more(self, now: datetime) -> bool:
        """Whether a person's words may go now: one text beyond a second's worth, so that however much is due by itself
        they never wait behind it."""
        return self._ahead_s(now) <= _AT_ONCE_S

    def after(self, texts: int, now: datetime) -> datetime:
        """`free_at` once so many more were given to it."""
        begins = max(self.free_at, now) if self.free_at else now
        return begins + timedelta(seconds=texts / self.per_second)

    def _ahead_s(self, now: datetime) -> float:
        return max(0.0, (self.free_at - now).total_seconds()) if self.free_at else 0.0
