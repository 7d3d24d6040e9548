"""When a visit may start. A span of starts is closed: a visit may start at either end of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.scheduling.domain.time_range import TimeRange


@dataclass(frozen=True, order=True)
class Span:
    """From the first start to the last, with both."""

    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How long a visit lasts, and what it takes before and after."""

    length: timedelta
    before: timedelta = timedelta()
    after: timedelta = timedelta()

    @property
    def whole(self) -> timedelta:
        """From the start of the set-up to the end of the clean-up."""
        return self.before + self.length + self.after

    def visit(self, start_at: datetime) -> TimeRange:
        """The visit itself."""
        return TimeRange.lasting(start_at, self.length)

    def occupied(self, start_at: datetime) -> TimeRange:
        """What it takes of everything that it needs."""
        return TimeRange.lasting(start_at - self.before, self.whole)


def possible_starts(working: Iterable[TimeRange], taken: Sequence[TimeRange], extent: Extent) -> list[Span]:
    """The starts with the visit inside one working range, and set-up, visit and clean-up untaken.

    `working` and `taken` are sorted and disjoint, and so are the spans.
    """
    return [span for work in working for span in _starts_of(work, taken, extent)]


def _starts_of(work: TimeRange, taken: Iterable[TimeRange], extent: Extent) -> Iterator[Span]:
    start_at, last_at = work.start_at, work.end_at - extent.length
    for each in taken:
        too_late, free_again = each.start_at - extent.length - extent.after, each.end_at + extent.before
        if free_again <= start_at:
            continue
        if too_late >= last_at:
            break
        if too_late >= start_at:
            yield Span(start_at, too_late)
        start_at = free_again
    if start_at <= last_at:
        yield Span(start_at, last_at)


def common(starts: Sequence[Sequence[Span]], at_least: int) -> list[Span]:
    """When so many of these have a start together: 1 is any of them, as many as there are is all."""
    edges = sorted(
        edge for spans in starts for span in spans for edge in ((span.first_at, 0, 1), (span.last_at, 1, -1))
    )
    found: list[Span] = []
    count, since = 0, None
    for at, _, step in edges:  # where one span ends as another begins, the beginning comes first
        count += step
        if count >= at_least and since is None:
            since = at
        elif count < at_least and since is not None:
            found.append(Span(since, at))
            since = None
    return found


def offers(spans: Iterable[Span], extent: Extent) -> Iterator[datetime]:
    """Starts in order, the earliest of each span and then one after the other, so that all of them could be booked."""
    free_at: datetime | None = None
    for span in spans:
        start_at = span.first_at if free_at is None else max(span.first_at, free_at)
        while start_at <= span.last_at:
            yield start_at
            start_at = free_at = start_at + extent.whole
