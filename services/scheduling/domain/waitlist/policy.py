"""How freed times are offered: to one after the other with a hold, or to several of whom the first has it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

Mode = Literal["one-by-one", "first-come"]
MODES: tuple[Mode, ...] = get_args(Mode)
ONE_BY_ONE, FIRST_COME = MODES
_TO_ANSWER = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class WaitlistPolicy:
    """A network's, or one appointment type's. An offer may be answered for `hold_minutes`; one by one its time is held
    so long, first come it goes to `group_size` at once and is held for nobody."""

    mode: Mode = ONE_BY_ONE
    hold_minutes: int = 15
    group_size: int = 5
    version: int = 0

    @property
    def holds(self) -> bool:
        """Whether the time of an offer is taken while it is open."""
        return self.mode == ONE_BY_ONE

    @property
    def asks(self) -> int:
        """How many are asked at once."""
        return 1 if self.holds else self.group_size

    @property
    def least(self) -> timedelta:
        """So long before its time at the latest an offer is made: somebody has to be asked, and to answer."""
        return min(timedelta(minutes=self.hold_minutes), _TO_ANSWER)

    def expires_at(self, now: datetime, start_at: datetime) -> datetime:
        """Until when an offer of now can be answered: never after its time has begun."""
        return min(now + timedelta(minutes=self.hold_minutes), start_at)
