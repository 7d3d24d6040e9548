"""When a practitioner works at a site, or a room or device there can be had: on the site's own clock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.opening import ALWAYS, Opening
from services.scheduling.domain.patterns import Pattern, Stay, ended_before
from services.scheduling.domain.spans import MINUTES_OF_DAY, Span, days
from services.scheduling.domain.time_range import TimeRange, merged, without
from services.scheduling.domain.weeks import WeeklyHours, checked_week
from services.scheduling.domain.zones import instants_of, local_day
from shared.recurrence import plain_week, week_rule

__all__ = ["MINUTES_OF_DAY", "WeeklyHours", "WorkingHours", "checked_week"]

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """What says when somebody works at one site. `lanes`: how many appointments may run side by side.

    The plain week without end (`weekly`), patterns and extra time together; on the days of the stays, where there are
    any; within the site's opening; without leave and blocked time (`off`). A room or a device, `practitioner_id` being
    its id, is there all day (`all_day`).
    """

    practitioner_id: UUID
    site_id: UUID
    lanes: int = 1
    weekly: tuple[WeeklyHours, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    stays: tuple[Stay, ...] = ()
    extra: tuple[Span, ...] = ()
    off: tuple[Span, ...] = ()
    opening: Opening = ALWAYS
    all_day: bool = False
    version: int = 0

    def times(self, first: date, last: date, zone: ZoneInfo) -> list[TimeRange]:
        """The working time of the local days `first` to `last`, as sorted ranges that do not touch."""
        work = merged(part for day in days(first, last) if self._stays_on(day) for part in self._times_of(day, zone))
        work = self.opening.cut(work, first, last, zone)
        return (
            without(work, (time for span in self.off for time in span.times(first, last, zone))) if self.off else work
        )

    def cover(self, wanted: TimeRange, zone: ZoneInfo) -> bool:
        """Whether the practitioner works here during all of `wanted`, across midnight too."""
        working = self.times(local_day(wanted.start_at, zone) - _ONE_DAY, local_day(wanted.end_at, zone), zone)
        return any(each.holds(wanted) for each in working)

    def week_on(self, day: date) -> tuple[WeeklyHours, ...]:
        """The plain week in force on that day: what recurs every week on the same weekdays."""
        shown = {
            WeeklyHours(weekday=weekday, starts=it.starts, ends=it.ends)
            for it in self.patterns
            if it.in_force(day)
            for weekday in plain_week(it.rrule) or ()
        }
        return tuple(sorted({*self.weekly, *shown}))

    def replaced(
        self, weekly: tuple[WeeklyHours, ...], patterns: tuple[Pattern, ...], from_on: date | None
    ) -> "WorkingHours":
        """With these in the place of the week and the patterns, from a day on where one is given."""
        if from_on is None:
            return replace(self, weekly=weekly, patterns=patterns)
        before = ended_before((*_as_patterns(self.weekly, None), *self.patterns), from_on)
        return replace(self, weekly=(), patterns=(*before, *_as_patterns(weekly, from_on), *patterns))

    def _stays_on(self, day: date) -> bool:
        return not self.stays or any(stay.holds_on(day) for stay in self.stays)

    def _times_of(self, day: date, zone: ZoneInfo) -> Iterator[TimeRange]:
        if self.all_day:
            yield from instants_of(day, timedelta(), _ONE_DAY, zone)
            return
        for hours in self.weekly:
            if hours.weekday == day.isoweekday():
                yield from instants_of(day, timedelta(minutes=hours.starts), timedelta(minutes=hours.ends), zone)
        for pattern in self.patterns:
            if pattern.holds_on(day):
                yield from instants_of(day, timedelta(minutes=pattern.starts), timedelta(minutes=pattern.ends), zone)
        for span in self.extra:
            yield from span.times(day, day, zone)


def _as_patterns(weekly: tuple[WeeklyHours, ...], from_on: date | None) -> Iterator[Pattern]:
    for hours in weekly:
        yield Pattern(rrule=week_rule(hours.weekday), starts=hours.starts, ends=hours.ends, from_on=from_on)
