"""What is done to holds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class HoldTime:
    """Takes a time, as a booking would, for so many minutes."""

    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    start_at: datetime
    resource_ids: tuple[UUID, ...] = ()
    minutes: int = 5


@dataclass(frozen=True, kw_only=True)
class ReleaseHold:
    """Gives it back before it expires."""

    hold_id: UUID
