"""Figures of a site: what a manager compares. Each says what it counts, so that raw rows give the same.

- fill rate: minutes of appointments that were not cancelled (missed ones count), of the minutes that practitioners
  work, times the lanes in which they see patients side by side; may pass 1 where hours were cut later
- no-show rate: missed ones, of those that were missed or seen
- refill rate: cancelled ones whose time another appointment has now (a part of it, in the same lane), or had and
  missed; of all that were cancelled
- lead time: from booking to start, in days; of the appointments that were not cancelled
- third next available: days from today to the third time that is free now for all that a visit needs, and is given out
  by the type's notice and horizon; since the first two may be chance

What was entered in error counts nowhere.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.working_hours import WorkingHours
from shared.figure_days import Days

Period = Literal["all", "day", "week", "month"]
By = Literal["site", "practitioner", "appointment_type"]
_ONE_DAY = timedelta(days=1)
_DECEMBER = 12


def periods(whole: Days, period: Period) -> list[Days]:
    """The days cut into periods: ISO weeks and calendar months; the first and the last may be parts of one."""
    return list(_cut(whole, period))


def _cut(whole: Days, period: Period) -> Iterator[Days]:
    first = whole.first
    while first <= whole.last:
        last = min(_end_of(first, whole.last, period), whole.last)
        yield Days(first, last)
        first = last + _ONE_DAY


def _end_of(day: date, last: date, period: Period) -> date:
    if period == "day":
        return day
    if period == "week":
        return day + timedelta(days=7 - day.isoweekday())
    if period == "month":
        after = day.replace(day=1, month=day.month % _DECEMBER + 1, year=day.year + day.month // _DECEMBER)
        return after - _ONE_DAY
    return last


def working_minutes(hours: WorkingHours, days: Days, zone: ZoneInfo) -> int:
    """The minutes in which the practitioner sees patients at the site, each as often as there are lanes."""
    working = hours.times(days.first, days.last, zone)
    return int(sum((each.length for each in working), timedelta()) / timedelta(minutes=1)) * hours.lanes


def rates(counted: Mapping[str, Any], working: int | None) -> dict[str, Any]:
    """The rates of one row; None where there is nothing to compare with."""
    return {
        "working_minutes": working,
        "fill_rate": _of(counted["filled_minutes"], working),
        "noshow_rate": _of(counted["noshow"], counted["noshow"] + counted["seen"]),
        "refill_rate": _of(counted["refilled"], counted["cancelled"]),
    }


def nothing(practitioner_id: UUID | None, first: date) -> dict[str, Any]:
    """The row of a practitioner (or a site) without any appointment in a period."""
    counts = ("appointments", "cancelled", "refilled", "noshow", "seen", "filled_minutes")
    lead = {"lead_days_mean": None, "lead_days_median": None}
    return dict.fromkeys(counts, 0) | lead | {"practitioner_id": practitioner_id, "from_on": first}


def _of(part: int, whole: int | None) -> float | None:
    return round(part / whole, 4) if whole else None
