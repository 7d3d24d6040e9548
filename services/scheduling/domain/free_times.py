"""Which times can be offered. There is no grid: times follow from working hours, lengths and what is taken."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from services.scheduling.domain.time_range import TimeRange


def free_times(
    working: Iterable[TimeRange], busy: Sequence[Sequence[TimeRange]], length: timedelta, not_before: datetime
) -> Iterator[TimeRange]:
    """Offers, in order, each `length` long, inside one working range and free in at least one lane.

    `busy` holds what is taken of each lane, sorted and disjoint. Offers follow one another
    without a gap from the start of work or the end of what is taken, and never overlap.
    """
    for work in working:
        start_at = work.start_at
        while (offer := TimeRange.lasting(_earliest_of(busy, start_at, length), length)).end_at <= work.end_at:
            if offer.start_at >= not_before:
                yield offer
            start_at = offer.end_at


def _earliest_of(busy: Sequence[Sequence[TimeRange]], start_at: datetime, length: timedelta) -> datetime:
    return min(_earliest(lane, start_at, length) for lane in busy)


def _earliest(lane: Sequence[TimeRange], start_at: datetime, length: timedelta) -> datetime:
    """The first instant from `start_at` on from which `lane` is free for `length`."""
    place = bisect_right(lane, start_at, key=attrgetter("end_at"))
    while place < len(lane) and lane[place].start_at < start_at + length:
        start_at = lane[place].end_at
        place += 1
    return start_at
