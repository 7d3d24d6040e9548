"""Calendars out: secret links to a practitioner's appointments, and what of a patient they may show."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.scheduling.domain.errors import CalendarLinkRevoked
from services.scheduling.domain.time_range import TimeRange

Shown = Literal["none", "initials", "name"]

# What a calendar holds, around now; and how long it says of a cancelled appointment that it is cancelled.
BACK = timedelta(days=30)
AHEAD = timedelta(days=180)
CANCELLED_KEPT = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class CalendarLink:
    """Whoever has its secret reads this practitioner's appointments at `site_ids` (None: at every site).

    Those are the sites of who made it: nobody hands on more than she sees herself.
    """

    calendar_link_id: UUID
    practitioner_id: UUID
    site_ids: tuple[UUID, ...] | None
    made_at: datetime
    renewed_at: datetime | None = None
    revoked_at: datetime | None = None
    version: int = 1

    def renewed(self, now: datetime) -> "CalendarLink":
        """With another secret from now on. Raises CalendarLinkRevoked."""
        self._require_in_force()
        return replace(self, renewed_at=now, version=self.version + 1)

    def revoked(self, now: datetime) -> "CalendarLink":
        """Nobody reads by it any more. Raises CalendarLinkRevoked."""
        self._require_in_force()
        return replace(self, revoked_at=now, version=self.version + 1)

    def _require_in_force(self) -> None:
        if self.revoked_at is not None:
            raise CalendarLinkRevoked


@dataclass(frozen=True, kw_only=True)
class CalendarSettings:
    """How patients stand in the network's calendars: not at all, by their initials, or by name."""

    patients: Shown = "none"
    version: int = 0


def shown_around(now: datetime) -> TimeRange:
    """The time whose appointments a calendar holds."""
    return TimeRange(now - BACK, now + AHEAD)


def shown_name(shown: Shown, given: str | None, family: str | None) -> str | None:
    """A patient as the network lets calendars show one; None where it does not, or where the name is not known here."""
    if shown == "none" or not given or not family:
        return None
    return f"{given} {family}" if shown == "name" else f"{given[0]}. {family[0]}."
