"""Time that is held before there is an appointment: rows of `bookings`, refused and refusing like any other."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.scheduling.domain.errors import AppointmentOverlaps
from services.scheduling.domain.taking import Seat
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.repository.time_taken import Taker, TimeTaken
from shared.database.repository import Repository


class Held(Protocol):
    """What holds time of a practitioner and of what else a visit needs: a hold, or an offer of the waitlist."""

    @property
    def hold_id(self) -> UUID | None: ...
    @property
    def site_id(self) -> UUID: ...
    @property
    def practitioner_id(self) -> UUID: ...
    @property
    def takes(self) -> list[UUID]: ...
    @property
    def occupied(self) -> TimeRange: ...


class HeldTimeRepository(Repository):
    """The caller holds the locks of what is taken or given back."""

    def take(self, held: Held, seat: Seat, expires_at: datetime | None = None) -> None:
        """All of it, until then (None: until it is given back). Raises AppointmentOverlaps where the database refuses
        any: then all is to be undone."""
        lanes = [(held.practitioner_id, seat.lane), *((each.resource_id, each.lane.lane) for each in seat.beside)]
        taker = Taker(site_id=held.site_id, hold_id=held.hold_id, expires_at=expires_at)
        time = TimeTaken(self._uow)
        if not time.take(taker, lanes, held.occupied):
            raise AppointmentOverlaps
        time.keep_free_time(held.takes, held.occupied)

    def give_back(self, held: Held) -> None:
        """The time is free; nothing happens where it is not held any more."""
        if held.hold_id is not None:
            TimeTaken(self._uow).give_back([held.hold_id], held.takes, held.occupied)
