"""What one step changed of an appointment: a line of its history."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.scheduling.domain.life import Stage, has_begun


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an appointment stood: what a person asks who looks back."""

    stage: Stage
    start_at: datetime
    site_id: UUID
    practitioner_id: UUID
    room_id: UUID | None
    delay_minutes: int | None


@dataclass(frozen=True, kw_only=True)
class Change:
    """A step, by its word of the API. `version` is the one that it led to; `before` is None where the appointment
    was made; `on_behalf_of` is who wished it (patient, practitioner, clinic), where that was said."""

    version: int
    step: str
    before: Standing | None
    after: Standing
    reason: str | None
    on_behalf_of: str | None

    @property
    def begins(self) -> bool:
        """Whether the visit began with it."""
        return self.before is not None and has_begun(self.after.stage) and not has_begun(self.before.stage)
