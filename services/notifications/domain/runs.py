"""Many texts for one cause, followed as one: they go after every single text, and a person may stop them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notifications.domain.asks import RESCHEDULE_PROPOSAL, Ask, DueAsk, Listed
from services.notifications.domain.occasions import REMINDER
from services.notifications.domain.visits import DueText, Visit
from shared.ids import derived_id


@dataclass(frozen=True, kw_only=True)
class TextRun:
    """At one site. `kind` is that of its texts; `begun_at` when the first of them was due."""

    run_id: UUID
    site_id: UUID
    kind: str
    begun_at: datetime
    stopped_at: datetime | None = None
    stopped_by: str | None = None

    def stop(self, by: str, now: datetime) -> "TextRun":
        """With nothing of it sent any more; stopped again it stays as it is."""
        return self if self.stopped_at else replace(self, stopped_at=now, stopped_by=by)


def run_of_reminder(due: DueText, visit: Visit) -> TextRun | None:
    """All of one window that are due on one local day at one site. What is due hours before comes by itself."""
    if due.kind != REMINDER or not (due.lead or "").endswith("D") or visit.zone is None:
        return None
    zone = ZoneInfo(visit.zone)
    day = due.due_at.astimezone(zone).date()
    return TextRun(
        run_id=derived_id(visit.site_id, f"run/{due.kind}/{due.lead}/{day}"),
        site_id=visit.site_id,
        kind=due.kind,
        begun_at=datetime.combine(day, time(), zone).astimezone(UTC),
    )


def run_of_proposal(due: DueAsk, ask: Ask) -> TextRun | None:
    """The first proposals of all visits of a site that came on a list together."""
    if due.kind != RESCHEDULE_PROPOSAL or not isinstance(ask, Listed):
        return None
    return TextRun(
        run_id=derived_id(ask.site_id, f"run/{due.kind}/{ask.listed_at.astimezone(UTC).isoformat()}"),
        site_id=ask.site_id,
        kind=due.kind,
        begun_at=ask.listed_at,
    )
