"""What the asker's role may do beyond the rules of booking."""

from services.scheduling.domain.schedule import Today
from services.scheduling.operations.ports import Unit
from shared.clock import Clock

BACKDATE = "appointments:backdate"
BREAK_RULES = "appointments:override-rules"
OVERBOOK = "appointments:overbook"


def today(uow: Unit, clock: Clock, *, free_of_rules: bool = False) -> Today:
    """The present day, and what the asker may do; a walk-in is free of notice and horizon, whoever asks."""
    return Today(
        now=clock.now(),
        may_backdate=BACKDATE in uow.asker.scopes,
        may_break_rules=free_of_rules or may_break_rules(uow),
    )


def may_break_rules(uow: Unit) -> bool:
    """Whether an appointment type's notice and horizon do not bind the asker."""
    return BREAK_RULES in uow.asker.scopes


def lanes_beyond(reason: str | None, limit: int, uow: Unit) -> int:
    """How many lanes more may be taken, where a reason for it is given. Raises Forbidden without the scope."""
    if reason is None:
        return 0
    uow.asker.require(OVERBOOK)
    return limit
