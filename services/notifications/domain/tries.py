"""When a text that the carrier certainly did not take is tried again, and when it is given up. All of it real time."""

from datetime import datetime, timedelta

from services.notifications.domain.texts import Text

GIVE_UP_AFTER = timedelta(hours=4)
_FIRST_PAUSE_S = 5.0
_LONGEST_PAUSE_S = 600.0


def next_try(text: Text, real_now: datetime, retry_after_s: float | None, spread: float) -> datetime | None:
    """When to try again; None where four hours since the first try would be over.

    `spread` is random from 0 to 1, so that what failed together does not come back together. What the carrier asks
    for (`retry_after_s`) is kept, up to the longest pause of our own.
    """
    ours = min(_FIRST_PAUSE_S * 2 ** max(0, text.tries - 1), _LONGEST_PAUSE_S) * (0.5 + spread / 2)
    pause = max(ours, min(retry_after_s or 0.0, _LONGEST_PAUSE_S))
    at = real_now + timedelta(seconds=pause)
    return at if at < (text.first_tried_at or real_now) + GIVE_UP_AFTER else None
