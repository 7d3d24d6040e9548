"""Half-open ranges of instants: [start, end)."""

from collections.abc import Iterable
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
