"""What is done to the waitlist. `version` is the caller's If-Match."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.scheduling.domain.waitlist.policy import Mode
from services.scheduling.domain.waitlist.wish import Wish


@dataclass(frozen=True, kw_only=True)
class AddWaitlistEntry:
    """Somebody waits: for any time, or for one that is earlier than `appointment_id`."""

    patient_id: UUID
    appointment_type_id: UUID
    appointment_id: UUID | None
    wish: Wish
    priority: int
    active_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class ChangeWaitlistEntry:
    """Only the fields in `changes` change: those of the wish, `priority`, `active_until`."""

    entry_id: UUID
    changes: Mapping[str, Any]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class OneWaitlistEntry:
    """What needs no more than the entry: withdraw."""

    entry_id: UUID
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class OneWaitlistOffer:
    """An answer to an offer: accept, decline."""

    offer_id: UUID
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class SetWaitlistPolicy:
    """How freed times are offered: in the network, or (before that) for one appointment type."""

    appointment_type_id: UUID | None
    mode: Mode
    hold_minutes: int
    group_size: int
    version: int | None = None
