"""Lanes: how overbooking is allowed and bounded. Two bookings overlap only in different lanes of one resource."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.scheduling.domain.time_range import TimeRange, merged


@dataclass(frozen=True, kw_only=True)
class Booking:
    """Time taken on one lane of a resource, by an appointment (or, until `expires_at`, by a hold) at `site_id`."""

    taken_by: UUID
    site_id: UUID
    lane: int
    during: TimeRange
    expires_at: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether it is a hold that has expired."""
        return self.expires_at is not None and self.expires_at <= now


def busy_lanes(taken: Iterable[Booking], site_id: UUID, lanes: int) -> list[list[TimeRange]]:
    """What is taken of each of the site's lanes, sorted.

    Nobody is at two sites at once: what is booked at another site takes every lane of this one.
    A booking in a lane that the site has given up since counts in its last one.
    """
    bookings = list(taken)
    return [
        merged(each.during for each in bookings if min(each.lane, lanes) == lane or each.site_id != site_id)
        for lane in range(1, lanes + 1)
    ]


def free_lane(wanted: TimeRange, busy: Sequence[Sequence[TimeRange]]) -> int | None:
    """The lowest lane that is free during all of `wanted`."""
    free = (lane for lane, times in enumerate(busy, start=1) if not any(wanted.overlaps(each) for each in times))
    return next(free, None)
