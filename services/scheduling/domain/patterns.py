"""Work that recurs: RFC 5545 rules of days, each with its hours by the wall clock and the days it is in force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from services.scheduling.domain.errors import ImpossibleHours
from services.scheduling.domain.spans import MINUTES_OF_DAY
from shared.recurrence import ImpossibleRule, checked_rule, falls_on, plain_week

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """[starts, ends) minutes from midnight on every day of the rule from `from_on` to `until_on` (None: without end).

    The rule counts from `from_on`, which only a plain week (FREQ=WEEKLY;BYDAY=...) may do without.
    """

    rrule: str
    starts: int
    ends: int
    from_on: date | None = None
    until_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force that day and the rule means it."""
        return self.in_force(day) and falls_on(self.rrule, self.from_on, day)

    def in_force(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, kw_only=True)
class Stay:
    """The days on which somebody works at a site at all: from `from_on` to `until_on` (None: without end)."""

    from_on: date | None = None
    until_on: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day <= self.until_on)


def checked_patterns(patterns: Sequence[Pattern], from_on: date | None) -> tuple[Pattern, ...]:
    """The patterns with their rules in canonical form, none in force before `from_on`. Raises ImpossibleHours."""
    return tuple(_checked(number, pattern, from_on) for number, pattern in enumerate(patterns))


def checked_stays(stays: Sequence[Stay]) -> tuple[Stay, ...]:
    """In order. Raises ImpossibleHours where one ends before it starts, or two overlap."""
    ordered = sorted(stays, key=lambda it: it.from_on or date.min)
    for stay in ordered:
        if stay.until_on and stay.from_on and stay.until_on < stay.from_on:
            raise ImpossibleHours("each must end on the day it starts or later", "stays")
    for one, other in pairwise(ordered):
        if one.until_on is None or (other.from_on or date.min) <= one.until_on:
            raise ImpossibleHours("two overlap", "stays")
    return tuple(ordered)


def ended_before(patterns: Iterable[Pattern], day: date) -> tuple[Pattern, ...]:
    """What is left of the patterns when others are in force from `day` on."""
    eve = day - _ONE_DAY
    return tuple(
        replace(it, until_on=min(it.until_on or eve, eve)) for it in patterns if it.from_on is None or it.from_on < day
    )


def _checked(number: int, pattern: Pattern, from_on: date | None) -> Pattern:
    where = f"patterns.{number}"
    if not 0 <= pattern.starts < pattern.ends <= MINUTES_OF_DAY:
        raise ImpossibleHours("must be later than starts, at 24:00 at the latest", f"{where}.ends")
    if pattern.from_on and from_on and pattern.from_on < from_on:
        raise ImpossibleHours("must not be before the day from which all of this holds", f"{where}.from_on")
    return _with_rule(where, replace(pattern, from_on=pattern.from_on or from_on))


def _with_rule(where: str, pattern: Pattern) -> Pattern:
    if pattern.from_on and pattern.until_on and pattern.until_on < pattern.from_on:
        raise ImpossibleHours("must not be before from_on", f"{where}.until_on")
    try:
        if pattern.from_on is None and plain_week(pattern.rrule) is None:
            raise ImpossibleHours("is needed: a rule that is no plain week is counted from it", f"{where}.from_on")
        rrule = checked_rule(pattern.rrule, pattern.from_on or date(2000, 1, 1))
    except ImpossibleRule as wrong:
        raise ImpossibleHours(str(wrong), f"{where}.rrule") from None
    return replace(pattern, rrule=rrule)
