"""A series: one kind of visit on several days, at one time by the site's wall clock. Each date is an appointment."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.errors import ImpossibleSeries
from services.scheduling.domain.zones import instants_of, local_day
from shared.recurrence import ImpossibleRule, checked_rule, occurrences

MAX_DATES = 104
_FARTHEST = timedelta(days=3 * 366)
_MINUTE = timedelta(minutes=1)

Reach = Literal["one", "following", "all"]


@dataclass(frozen=True, kw_only=True)
class Series:
    """What its dates were agreed as; `rrule` None: on the days of a list. What became of each date stands in it."""

    series_id: UUID
    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    patient_id: UUID
    rrule: str | None
    booked_at: datetime
    version: int = 1

    def changed(self) -> "Series":
        """The next version: some of its dates are others now."""
        return replace(self, version=self.version + 1)


def days_of_series(start_at: datetime, rrule: str | None, dates: Iterable[date], zone: ZoneInfo) -> list[date]:
    """The local days, in order: the day of `start_at` first, then those of the rule or the list.

    Raises ImpossibleSeries for a rule that is none, does not mean the first day or does not end; for days before the
    first, more than MAX_DATES, or more than three years ahead.
    """
    first = local_day(start_at, zone)
    days = sorted({first, *dates}) if rrule is None else _days_of_rule(rrule, first)
    if days[0] < first:
        raise ImpossibleSeries("dates", "must not lie before the day of start_at")
    if len(days) > MAX_DATES:
        raise ImpossibleSeries("dates", f"must be {MAX_DATES} at most, with the day of start_at")
    if days[-1] > first + _FARTHEST:
        raise ImpossibleSeries("dates" if rrule is None else "rrule", "must end within three years")
    return days


def _days_of_rule(rrule: str, first: date) -> list[date]:
    try:
        days = list(islice(occurrences(checked_rule(rrule, first), first), MAX_DATES + 1))
    except ImpossibleRule as wrong:
        raise ImpossibleSeries("rrule", str(wrong)) from None
    if days[0] != first:
        raise ImpossibleSeries("rrule", "does not mean the day of start_at")
    if len(days) > MAX_DATES:
        raise ImpossibleSeries("rrule", f"means more than {MAX_DATES} dates: end it with COUNT or UNTIL")
    return days


def wall_clock(instant: datetime, zone: ZoneInfo) -> timedelta:
    """What clocks show then, counted from midnight."""
    local = instant.astimezone(zone)
    return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)


def at_wall_clock(day: date, shown: timedelta, zone: ZoneInfo) -> datetime | None:
    """The instant of `day` at which clocks show that, the first of two; None where the clock skips it."""
    found = instants_of(day, shown, shown + _MINUTE, zone)
    return found[0].start_at if found else None
