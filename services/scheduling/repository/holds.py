"""Holds, and the time that they take."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.scheduling.domain.holds import Hold
from services.scheduling.domain.resource_lock import resource_lock
from services.scheduling.domain.taking import Seat
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.repository.held_time import HeldTimeRepository
from services.scheduling.repository.time_taken import TimeTaken
from shared.database.repository import Repository
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound

# A hold that is over is kept so long for who asks what became of it.
_KEPT = timedelta(days=1)
# No hold takes longer (bookings_during_check), so that nothing that it touches is farther away.
_REACH = timedelta(days=1)


class HoldRepository(Repository):
    """The caller holds the locks of what is taken or given back."""

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow)
        self._time = TimeTaken(uow)

    def get(self, hold_id: UUID) -> Hold:
        """The locked hold. Raises NotFound (also for another's site)."""
        row = self.one("lock-hold", hold_id=hold_id)
        if row is None:
            raise NotFound
        self._uow.asker.require_site(row["site_id"])
        return Hold(**row)

    def add(self, hold: Hold, seat: Seat) -> None:
        """Raises AppointmentOverlaps where the database refuses the time."""
        self.later("add-hold", **vars(hold) | {"resource_ids": list(hold.resource_ids)})
        HeldTimeRepository(self._uow).take(hold, seat, hold.expires_at)

    def end(self, hold: Hold) -> None:
        """Its time is free, and its row says why."""
        HeldTimeRepository(self._uow).give_back(hold)
        self.later("end-hold", hold_id=hold.hold_id, status=hold.status)

    def lock_what_it_takes(self, hold: Hold) -> None:
        """The locks of its resources."""
        self._uow.lock(*map(resource_lock, hold.takes))

    def clear_away(self, hold_ids: Sequence[UUID], resource_ids: Sequence[UUID], during: TimeRange) -> None:
        """What expired holds take of these resources; the rest of them waits for the job."""
        around = TimeRange(during.start_at - _REACH, during.end_at + _REACH)
        self._time.give_back(hold_ids, resource_ids, around)

    def expired(self, now: datetime) -> list[UUID]:
        """Those that hold past their time."""
        return [row["hold_id"] for row in self.all("expired-holds", now=now)]

    def networks_with_expired(self, now: datetime) -> list[UUID]:
        """Of all networks; only the worker may ask."""
        return [row["network_id"] for row in self.all("networks-with-expired-holds", now=now)]

    def forget(self, now: datetime) -> None:
        """Those that were over long ago."""
        self.later("forget-holds", before_at=now - _KEPT)
