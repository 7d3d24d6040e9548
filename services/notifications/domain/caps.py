"""How many texts a patient gets for one purpose: a network's policy, and what is outside of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.notifications.domain.limits import TextingLimits
from services.notifications.domain.texts import Text
from services.notifications.domain.visits import BOOKED, CANCELLED, RESCHEDULED, Telling, Visit

_WEEK = timedelta(days=7)
# Longer ago than this is in no local day of the week that ends today.
COUNTED_FOR = timedelta(days=8)
# News of a visit that is so near is always told.
NEAR = timedelta(hours=48)
_BY_THE_PATIENT = "patient"


def is_outside_caps(text: Text, visit: Visit, telling: Telling, now: datetime) -> bool:
    """Whether the text is neither limited nor counted: it answers the patient's own act (a booking and a move are
    agreed with her, a cancellation is where she said so), or it is news of a visit that begins, or of which she
    thinks that it begins, within 48 hours."""
    if text.lead is not None:
        return False
    is_her_act = text.kind in (BOOKED, RESCHEDULED) or visit.cancelled_by == _BY_THE_PATIENT
    starts = [it for it in (text.start_at, telling.told_start_at) if it]
    return is_her_act or (text.kind == CANCELLED and min(starts) <= now + NEAR)


def is_one_too_many(earlier: Sequence[datetime], now: datetime, zone: str, limits: TextingLimits) -> bool:
    """Whether a text at `now` would be beyond the day's or the week's cap. `earlier`: when others of the purpose went
    to the patient; days are the site's, and a week is today and the six days before."""
    today = now.astimezone(ZoneInfo(zone)).date()
    days = [it.astimezone(ZoneInfo(zone)).date() for it in earlier]
    a_day, a_week = days.count(today), sum(today - _WEEK < day <= today for day in days)
    return (limits.most_a_day is not None and a_day >= limits.most_a_day) or (
        limits.most_a_week is not None and a_week >= limits.most_a_week
    )
