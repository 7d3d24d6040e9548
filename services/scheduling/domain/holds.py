"""A hold: time that is taken for a while, until somebody books it or it expires."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from services.scheduling.domain.errors import HoldDoesNotFit, HoldOver
from services.scheduling.domain.starts import Extent
from services.scheduling.domain.time_range import TimeRange

Status = Literal["held", "booked", "released", "expired"]


@dataclass(frozen=True, kw_only=True)
class Hold:
    """What is held, and until when. One that is past `expires_at` holds nothing, whatever its status says."""

    hold_id: UUID
    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    resource_ids: Sequence[UUID]
    start_at: datetime
    end_at: datetime
    taken_from_at: datetime
    taken_until_at: datetime
    zone: str
    held_at: datetime
    expires_at: datetime
    status: Status = "held"

    @property
    def takes(self) -> list[UUID]:
        """Everything that it takes."""
        return [self.practitioner_id, *self.resource_ids]

    @property
    def occupied(self) -> TimeRange:
        """The time that it takes of all of them: that of the visit, with set-up and clean-up."""
        return TimeRange(self.taken_from_at, self.taken_until_at)

    @property
    def extent(self) -> Extent:
        """The same around the visit's start."""
        return Extent(
            length=self.end_at - self.start_at,
            before=self.start_at - self.taken_from_at,
            after=self.taken_until_at - self.end_at,
        )

    def used(self, names: tuple[UUID, UUID, UUID], start_at: datetime, now: datetime) -> Self:
        """Booked by a booking of that site, practitioner and type. Raises HoldOver, HoldDoesNotFit."""
        self._require_held(now)
        if (self.site_id, self.practitioner_id, self.appointment_type_id, self.start_at) != (*names, start_at):
            raise HoldDoesNotFit
        return replace(self, status="booked")

    def released(self, now: datetime) -> Self:
        """Given up by whoever does not want it any more. Raises HoldOver."""
        self._require_held(now)
        return replace(self, status="released")

    def expired(self) -> Self:
        """Over, since nobody booked it in time."""
        return replace(self, status="expired")

    def _require_held(self, now: datetime) -> None:
        status = "expired" if self.status == "held" and self.expires_at <= now else self.status
        if status != "held":
            raise HoldOver({"status": status})
