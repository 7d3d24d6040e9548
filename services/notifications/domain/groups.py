"""One text for a family or a day: which reminders of several visits go to a number together."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notifications.domain.occasions import REMINDER
from services.notifications.domain.reminders import lead_of
from services.notifications.domain.texts import Text

# So many visits can be read in a text; more are more texts.
MOST_TOGETHER = 6
# A reminder of the same day goes with the first only if it would be due so soon: who comes at five is not reminded at
# seven in the morning.
_SOON = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class Group:
    """What is the same of the reminders that are one text. `day`: that of their visits; `part` counts the texts,
    where one has no room for all."""

    number: str
    site_id: UUID
    lead: str
    day: date
    language: str | None
    part: int = 0


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A reminder that is due, now or later, of somebody who has the number."""

    text_id: UUID
    number: str
    site_id: UUID
    lead: str
    start_at: datetime
    due_at: datetime


def group_of(text: Text, number: str, zone: str, language: str | None) -> Group | None:
    """None for a text that goes alone whatever else is due."""
    if text.kind != REMINDER or text.lead is None:
        return None
    day = text.start_at.astimezone(ZoneInfo(zone)).date()
    return Group(number=number, site_id=text.site_id, lead=text.lead, day=day, language=language)


def may_go_before_its_time(text: Text, now: datetime) -> bool:
    """Whether a reminder that is not due yet may go with one that is."""
    return text.lead is not None and (lead_of(text.lead).is_early or text.due_at <= now + _SOON)
