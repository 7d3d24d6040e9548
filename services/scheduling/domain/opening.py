"""When a site is open at all: weeks with effect from a day, holidays and closures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from services.scheduling.domain.errors import ImpossibleHours
from services.scheduling.domain.spans import Span, days
from services.scheduling.domain.time_range import TimeRange, common, merged, without
from services.scheduling.domain.weeks import WeeklyHours, checked_week
from services.scheduling.domain.zones import instants_of


@dataclass(frozen=True, kw_only=True)
class OpeningWeek:
    """The week in force from `from_on` (None: from the beginning) until the next one is. An empty one cuts nothing."""

    from_on: date | None
    weekly: tuple[WeeklyHours, ...]


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A site's opening hours (`weeks` in the order of their days), and the spans in which it is closed."""

    weeks: tuple[OpeningWeek, ...] = ()
    closed: tuple[Span, ...] = ()

    def cut(self, times: list[TimeRange], first: date, last: date, zone: ZoneInfo) -> list[TimeRange]:
        """What of `times` lies in opening hours and in no closure; they are of the local days `first` to `last`."""
        if self.weeks:
            times = common(times, self._open(first, last, zone))
        if self.closed:
            times = without(times, (time for span in self.closed for time in span.times(first, last, zone)))
        return times

    def week_on(self, day: date) -> tuple[WeeklyHours, ...]:
        """The week in force on that day; empty where none is."""
        held = [week.weekly for week in self.weeks if week.from_on is None or week.from_on <= day]
        return held[-1] if held else ()

    def _open(self, first: date, last: date, zone: ZoneInfo) -> list[TimeRange]:
        return merged(time for day in days(first, last) for time in self._open_on(day, zone))

    def _open_on(self, day: date, zone: ZoneInfo) -> list[TimeRange]:
        week = self.week_on(day)
        if not week:
            return instants_of(day, timedelta(), timedelta(days=1), zone)
        return [
            time
            for hours in week
            if hours.weekday == day.isoweekday()
            for time in instants_of(day, timedelta(minutes=hours.starts), timedelta(minutes=hours.ends), zone)
        ]


# Of a site that has set no opening hours.
ALWAYS = Opening()


@dataclass(frozen=True, kw_only=True)
class OpeningHours:
    """A site's opening weeks as they are kept; version 0 where none were ever set."""

    weeks: tuple[OpeningWeek, ...] = ()
    version: int = 0


def checked_weeks(weeks: Sequence[OpeningWeek]) -> tuple[OpeningWeek, ...]:
    """In the order of their days. Raises ImpossibleHours for two of one day, and what `checked_week` raises."""
    ordered = sorted(weeks, key=lambda it: it.from_on or date.min)
    if len({week.from_on for week in ordered}) != len(ordered):
        raise ImpossibleHours("two weeks start on one day", "weeks")
    return tuple(OpeningWeek(from_on=week.from_on, weekly=checked_week(week.weekly, "weeks")) for week in ordered)
