"""Time taken of resources: rows of `bookings`, with the free time by day that follows from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.scheduling.domain.time_range import TimeRange
from shared.database.repository import Repository


@dataclass(frozen=True, kw_only=True)
class Taker:
    """Who takes time at a site: an appointment, or a hold until it expires."""

    site_id: UUID
    appointment_id: UUID | None = None
    hold_id: UUID | None = None
    expires_at: datetime | None = None


class TimeTaken(Repository):
    """The caller holds the locks of the resources."""

    def take(self, taker: Taker, lanes: Sequence[tuple[UUID, int]], during: TimeRange) -> bool:
        """All of these resources, each on its lane; False where the database refuses one: then all is to be undone.

        The caller keeps their free time.
        """
        times = {"start_at": during.start_at, "end_at": during.end_at}
        return self.run("take-time", **vars(taker), **self._lists(lanes), **times) == len(lanes)

    def keep_lanes(self, lanes: Sequence[tuple[UUID, int]]) -> None:
        """Makes sure of lanes beyond those that the resources have."""
        self.later("keep-lane", **self._lists(lanes))

    def give_back(self, taken_by: Sequence[UUID], resource_ids: Sequence[UUID], during: TimeRange) -> None:
        """What these took of those resources within that time."""
        self.let_go(taken_by, resource_ids)
        self.keep_free_time(resource_ids, during)

    def let_go(self, taken_by: Sequence[UUID], resource_ids: Sequence[UUID]) -> None:
        """The same, while the caller keeps their free time."""
        self.later("give-time-back", taken_by=list(taken_by), resource_ids=list(resource_ids))

    def keep_free_time(self, resource_ids: Sequence[UUID], during: TimeRange) -> None:
        """After something has changed within that time."""
        self.later("keep-taken", resource_ids=list(resource_ids), start_at=during.start_at, end_at=during.end_at)

    @staticmethod
    def _lists(lanes: Sequence[tuple[UUID, int]]) -> dict[str, list[UUID] | list[int]]:
        return {"resource_ids": [one for one, _ in lanes], "lanes": [lane for _, lane in lanes]}
