"""Which local days figures are of: one rule for every service that is asked for some."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shared.errors import Invalid

MAX_DAYS = 100
_FOUR_WEEKS = timedelta(days=27)  # with the last day


@dataclass(frozen=True)
class Days:
    """The local days `first` to `last`."""

    first: date
    last: date


def days_asked(question: Mapping[str, Any], today: date) -> Days:
    """From `from_on` to `to_on`; the last four weeks, with today, where they are None. Raises Invalid."""
    last = question["to_on"] or today
    asked = Days(question["from_on"] or last - _FOUR_WEEKS, last)
    if not asked.first <= asked.last < asked.first + timedelta(days=MAX_DAYS):
        raise Invalid(errors=[{"field": "to_on", "message": f"must be from_on or up to {MAX_DAYS - 1} days later"}])
    return asked
