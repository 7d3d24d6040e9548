"""Half-open ranges of instants: [start, end)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, order=True)
class TimeRange:
    """From `start_at` until just before `end_at`; both aware, in UTC."""

    start_at: datetime
    end_at: datetime

    @classmethod
    def lasting(cls, start_at: datetime, length: timedelta) -> "TimeRange":
        """The range that starts then and is that long."""
        return cls(start_at, start_at + length)

    @property
    def length(self) -> timedelta:
        return self.end_at - self.start_at

    def overlaps(self, other: "TimeRange") -> bool:
        """Whether they share an instant; ranges that only touch do not."""
        return self.start_at < other.end_at and other.start_at < self.end_at

    def holds(self, other: "TimeRange") -> bool:
        """Whether all of `other` lies inside."""
        return self.start_at <= other.start_at and other.end_at <= self.end_at

    def within(self, other: "TimeRange") -> "TimeRange | None":
        """The part that lies inside `other`, None where there is none."""
        start_at, end_at = max(self.start_at, other.start_at), min(self.end_at, other.end_at)
        return TimeRange(start_at, end_at) if start_at < end_at else None


def merged(ranges: Iterable[TimeRange]) -> list[TimeRange]:
    """The same instants as sorted ranges that neither overlap nor touch."""
    found: list[TimeRange] = []
    for each in sorted(ranges):
        if found and each.start_at <= found[-1].end_at:
            found[-1] = TimeRange(found[-1].start_at, max(found[-1].end_at, each.end_at))
        else:
            found.append(each)
    return found


def common(ones: Sequence[TimeRange], others: Sequence[TimeRange]) -> list[TimeRange]:
    """The instants that lie in both; each of the two sorted and disjoint."""
    found: list[TimeRange] = []
    place = 0
    for one in ones:
        while place < len(others) and others[place].end_at <= one.start_at:
            place += 1
        found += _inside(one, others, place)
    return found


def without(ranges: Sequence[TimeRange], holes: Iterable[TimeRange]) -> list[TimeRange]:
    """What is left of `ranges` (sorted, disjoint) where nothing of `holes` lies."""
    left: list[TimeRange] = []
    gaps = merged(holes)
    for each in ranges:
        start_at = each.start_at
        for gap in gaps:
            if gap.end_at > start_at and gap.start_at < each.end_at:
                if start_at < gap.start_at:
                    left.append(TimeRange(start_at, gap.start_at))
                start_at = gap.end_at
        if start_at < each.end_at:
            left.append(TimeRange(start_at, each.end_at))
    return left


def _inside(one: TimeRange, others: Sequence[TimeRange], place: int) -> list[TimeRange]:
    found = []
    while place < len(others) and others[place].start_at < one.end_at:
        if (both := one.within(others[place])) is not None:
            found.append(both)
        place += 1
    return found
