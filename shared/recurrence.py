"""Recurrence rules of days (RFC 5545, 3.3.10): which days a rule means, counted from its first day.

Rules of ours repeat days; times of day stand beside them, on the wall clock. python-dateutil expands them, but for
plain weeks, which every booking asks about. What libical and dateutil 4.0.0 read differently is refused by name rather
than guessed at (tests/unit/shared/recurrence-vectors.json lists it vector by vector).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from dateutil.rrule import rrulestr

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EVERY_WEEK = re.compile(rf"FREQ=WEEKLY;BYDAY=((?:{'|'.join(WEEKDAYS)})(?:,(?:{'|'.join(WEEKDAYS)}))*)")
_LONGEST = 500
# The calendar repeats after 400 years, weekdays too. dateutil looks for a first day until the year 9999, so a rule that
# may mean none is asked as near to it as whole cycles allow.
_CYCLE, _LAST_YEAR = 400, 9999

_NUMBERS = {"INTERVAL": (1, 1000), "COUNT": (1, 10_000)}
_DAY = rf"(?:[+-]?[1-9]\d?)?(?:{'|'.join(WEEKDAYS)})"
_SHAPES: Mapping[str, str] = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d{0,3}",
    "COUNT": r"[1-9]\d{0,4}",
    "UNTIL": r"\d{8}",
    "WKST": "|".join(WEEKDAYS),
    "BYDAY": rf"{_DAY}(?:,{_DAY})*",
    "BYMONTH": r"(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2]))*",
    "BYMONTHDAY": r"[+-]?(?:[1-9]|[12]\d|3[01])(?:,[+-]?(?:[1-9]|[12]\d|3[01]))*",
    "BYYEARDAY": r"[+-]?[1-9]\d{0,2}(?:,[+-]?[1-9]\d{0,2})*",
    "BYSETPOS": r"[+-]?[1-9]\d{0,2}(?:,[+-]?[1-9]\d{0,2})*",
}
_NO_TIMES = "repeats times of day: a rule here repeats days, the times stand beside it"
_REFUSED: Mapping[str, str] = {
    "BYHOUR": _NO_TIMES,
    "BYMINUTE": _NO_TIMES,
    "BYSECOND": _NO_TIMES,
    "BYWEEKNO": "is read differently by different programs: give months and days of months",
}


class ImpossibleRule(ValueError):
    """Says what is wrong with a rule, in words for whoever wrote it."""


@dataclass(frozen=True)
class Rule:
    """A rule that was read: its text without UNTIL, which is `until`; the ISO weekdays of one that is a plain week."""

    text: str
    until: date | None
    weekdays: frozenset[int] | None


@lru_cache(maxsize=4096)
def read_rule(text: str) -> Rule:
    """The rule. Raises ImpossibleRule for one that is no rule of days, or that programs read differently."""
    parts = _parts(text)
    _check_sense(parts)
    until = _until(parts.pop("UNTIL", None))
    kept = ";".join(f"{name}={value}" for name, value in parts.items())
    week = _EVERY_WEEK.fullmatch(kept)
    weekdays = frozenset(WEEKDAYS.index(day) + 1 for day in week[1].split(",")) if week else None
    return Rule(kept, until, weekdays)


def checked_rule(text: str, first: date) -> str:
    """The rule in canonical form. Raises ImpossibleRule, also for one that means no day from `first` on."""
    rule = read_rule(text)
    far = (_LAST_YEAR - first.year) // _CYCLE * _CYCLE
    day = next(_expanded(rule.text, first.replace(year=first.year + far)), None)
    if day is None or (rule.until is not None and day.replace(year=day.year - far) > rule.until):
        raise ImpossibleRule("means no day at all")
    return rule.text + (f";UNTIL={rule.until:%Y%m%d}" if rule.until else "")


def plain_week(text: str) -> frozenset[int] | None:
    """The ISO weekdays of a rule that is every week on the same ones, and so needs no first day to count from."""
    return read_rule(text).weekdays


def falls_on(text: str, first: date | None, day: date) -> bool:
    """Whether the rule, counted from `first`, means that day. `first` itself counts only if the rule means it."""
    rule = read_rule(text)
    if (first is not None and day < first) or (rule.until is not None and day > rule.until):
        return False
    if rule.weekdays is not None:
        return day.isoweekday() in rule.weekdays
    if first is None:
        raise ValueError("only a plain week needs no first day")
    return day in _days_of_year(rule.text, first, day.year)


def occurrences(text: str, first: date) -> Iterator[date]:
    """The rule's days from `first` on, in order; without end where the rule has none."""
    rule = read_rule(text)
    for day in _expanded(rule.text, first):
        if rule.until is not None and day > rule.until:
            return
        yield day


@lru_cache(maxsize=4096)
def _days_of_year(text: str, first: date, year: int) -> frozenset[date]:
    found = set()
    for day in _expanded(text, first):
        if day.year > year:
            break
        if day.year == year:
            found.add(day)
    return frozenset(found)


def _expanded(text: str, first: date) -> Iterator[date]:
    start = datetime(first.year, first.month, first.day)  # noqa: DTZ001  # days have no zone
    return (found.date() for found in rrulestr(text, dtstart=start))


def _parts(text: str) -> dict[str, str]:
    if len(text) > _LONGEST or not text.isascii():
        raise ImpossibleRule("is no recurrence rule (RFC 5545)")
    pairs = [pair.partition("=") for pair in text.upper().removeprefix("RRULE:").strip(";").split(";")]
    names = [name for name, _, _ in pairs]
    if "FREQ" not in names:
        raise ImpossibleRule("needs a FREQ: FREQ=WEEKLY;BYDAY=MO,WE")
    if len(set(names)) != len(names):
        raise ImpossibleRule("has a part twice")
    found = {name: _checked_part(name, value) for name, _, value in pairs}
    return {"FREQ": found.pop("FREQ"), **found}


def _checked_part(name: str, value: str) -> str:
    if name in _REFUSED:
        raise ImpossibleRule(f"has {name}, which {_REFUSED[name]}")
    if name not in _SHAPES:
        raise ImpossibleRule("has a part that RFC 5545 does not know")
    if not re.fullmatch(_SHAPES[name], value):
        raise ImpossibleRule(f"has a {name} that cannot be{_hint(name)}")
    if name in _NUMBERS and not _NUMBERS[name][0] <= int(value) <= _NUMBERS[name][1]:
        raise ImpossibleRule(f"has a {name} that cannot be: at most {_NUMBERS[name][1]}")
    return value


def _hint(name: str) -> str:
    hints = {"FREQ": ": DAILY, WEEKLY, MONTHLY or YEARLY", "UNTIL": ": a day, 20271231", "BYDAY": ": MO,TU or 1MO,-1FR"}
    return hints.get(name, "")


def _until(value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        raise ImpossibleRule("has an UNTIL that cannot be: a day, 20271231") from None


def _check_sense(parts: Mapping[str, str]) -> None:
    """RFC 5545's rules across parts, and what programs do not agree about."""
    often = parts["FREQ"]
    numbered = any(not day.isalpha() for day in parts.get("BYDAY", "").split(",") if day)
    wrongs = {
        "has both COUNT and UNTIL: give one": "COUNT" in parts and "UNTIL" in parts,
        "numbers weekdays, which only months and years have": numbered and often in ("DAILY", "WEEKLY"),
        "has BYMONTHDAY, which no week has": "BYMONTHDAY" in parts and often == "WEEKLY",
        "has BYYEARDAY, which only years have": "BYYEARDAY" in parts and often != "YEARLY",
        "has BYSETPOS, but no days of which it could be one": "BYSETPOS" in parts and len(_chosen(parts)) == 1,
        "has BYSETPOS within weeks, which programs read differently: name the weekdays": (
            "BYSETPOS" in parts and often == "WEEKLY"
        ),
        "has BYMONTHDAY without BYMONTH within years, which programs read differently: name the months": (
            often == "YEARLY" and "BYMONTHDAY" in parts and "BYMONTH" not in parts
        ),
    }
    for wrong, holds in wrongs.items():
        if holds:
            raise ImpossibleRule(wrong)


def _chosen(parts: Mapping[str, str]) -> set[str]:
    return {name for name in parts if name.startswith("BY")}


def week_rule(weekday: int) -> str:
    """The rule of one weekday (ISO) every week."""
    return f"FREQ=WEEKLY;BYDAY={WEEKDAYS[weekday - 1]}"
