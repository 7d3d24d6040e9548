"""What is done to calendar links. Of a secret only its SHA-256 comes here."""

from dataclasses import dataclass
from uuid import UUID

from services.scheduling.domain.calendars import Shown


@dataclass(frozen=True, kw_only=True)
class MakeCalendarLink:
    """A new link to a practitioner's appointments."""

    practitioner_id: UUID
    secret_hash: bytes


@dataclass(frozen=True, kw_only=True)
class RenewCalendarLink:
    """Another secret for the same link: the old one reads no more."""

    calendar_link_id: UUID
    secret_hash: bytes
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class RevokeCalendarLink:
    """Ends a link."""

    calendar_link_id: UUID
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class SetCalendarSettings:
    """How patients stand in the network's calendars."""

    patients: Shown
    version: int | None = None
