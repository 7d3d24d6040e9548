"""Stretches of time that are said once: some local days, or a range of instants."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.scheduling.domain.errors import ImpossibleHours
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.zones import day_range, instants_of

MINUTES_OF_DAY = 24 * 60
_ONE_DAY = timedelta(days=1)
# Longer than any leave, so that a mistyped year is refused.
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, kw_only=True)
class Span:
    """Either every local day from `from_on` to `until_on` (included), [starts, ends) minutes by its wall clock; or all
    instants from `start_at` until just before `end_at`."""

    from_on: date | None = None
    until_on: date | None = None
    starts: int = 0
    ends: int = MINUTES_OF_DAY
    start_at: datetime | None = None
    end_at: datetime | None = None

    @property
    def extent(self) -> TimeRange:
        """No instant of it lies outside, whatever the site's zone."""
        if self.start_at is not None and self.end_at is not None:
            return TimeRange(self.start_at, self.end_at)
        if self.from_on is None or self.until_on is None:
            raise ImpossibleHours("give either from_on or start_at", "from_on")
        first, last = (datetime.combine(day, time(), UTC) for day in (self.from_on, self.until_on))
        return TimeRange(first - _ONE_DAY, last + 2 * _ONE_DAY)

    def times(self, first: date, last: date, zone: ZoneInfo) -> Iterator[TimeRange]:
        """What lies in the local days `first` to `last`, in order."""
        if self.start_at is not None and self.end_at is not None:
            yield from self._instants(self.start_at, self.end_at, first, last, zone)
        elif self.from_on is not None and self.until_on is not None:
            for day in days(max(first, self.from_on), min(last, self.until_on)):
                yield from instants_of(day, timedelta(minutes=self.starts), timedelta(minutes=self.ends), zone)

    def _instants(
        self, start_at: datetime, end_at: datetime, first: date, last: date, zone: ZoneInfo
    ) -> Iterator[TimeRange]:
        asked = TimeRange(day_range(first, zone).start_at, day_range(last, zone).end_at)
        if (inside := TimeRange(start_at, end_at).within(asked)) is not None:
            yield inside


def checked_span(span: Span) -> Span:
    """The span; `until_on` is `from_on` where it is left out. Raises ImpossibleHours, which names the field."""
    if (span.start_at is None) == (span.from_on is None):
        raise ImpossibleHours("give either from_on or start_at", "from_on")
    return _checked_instants(span) if span.from_on is None else _checked_days(span, span.from_on)


def _checked_instants(span: Span) -> Span:
    if span.start_at is None or span.end_at is None:
        raise ImpossibleHours("give the end too", "end_at")
    if not timedelta() < span.end_at - span.start_at <= LONGEST:
        raise ImpossibleHours("must be later than start_at, by three years at the most", "end_at")
    return Span(start_at=span.start_at, end_at=span.end_at)


def _checked_days(span: Span, from_on: date) -> Span:
    until_on = span.until_on or from_on
    if span.end_at is not None:
        raise ImpossibleHours("days end with until_on", "end_at")
    if not timedelta() <= until_on - from_on <= LONGEST:
        raise ImpossibleHours("must not be before from_on, nor more than three years after it", "until_on")
    if not 0 <= span.starts < span.ends <= MINUTES_OF_DAY:
        raise ImpossibleHours("must be later than starts, at 24:00 at the latest", "ends")
    return Span(from_on=from_on, until_on=until_on, starts=span.starts, ends=span.ends)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    while first <= last:
        yield first
        first += _ONE_DAY
