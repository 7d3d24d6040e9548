"""The working hours and lanes that a set of visits needs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from cli.imports.synthea.plan import Hours, Site, Stretch, Visit

_QUARTER = 15


def needed_hours(visits: Iterable[Visit], sites: Mapping[str, Site], stated: Iterable[Hours] = ()) -> tuple[Hours, ...]:
    """For each practitioner and site the `stated` hours, and one stretch a weekday around all visits, in quarters."""
    groups: dict[tuple[str, str], list[Visit]] = defaultdict(list)
    weeks: dict[tuple[str, str], list[Stretch]] = defaultdict(list)
    for visit in visits:
        groups[visit.practitioner, visit.site].append(visit)
    for hours in stated:
        weeks[hours.practitioner, hours.site] += hours.weekly
    for (who, at), group in groups.items():
        weeks[who, at] += _week(group, ZoneInfo(sites[at].zone))
    return tuple(
        Hours(practitioner=who, site=at, lanes=max(1, greatest_overlap(groups[who, at])), weekly=united(week))
        for (who, at), week in sorted(weeks.items())
    )


def united(week: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The stretches in order; those that overlap or touch are one."""
    merged: list[Stretch] = []
    for part in sorted(week):
        last = merged[-1] if merged else None
        if last and last.weekday == part.weekday and part.starts <= last.ends:
            merged[-1] = replace(last, ends=max(last.ends, part.ends))
        else:
            merged.append(part)
    return tuple(merged)


def end_of(visit: Visit) -> datetime:
    """When it is over, in UTC."""
    return visit.start_at + timedelta(minutes=visit.minutes)


def greatest_overlap(visits: Sequence[Visit]) -> int:
    """How many run at one moment at most; one that ends as another starts does not overlap it."""
    steps = sorted([(visit.start_at, 1) for visit in visits] + [(end_of(visit), -1) for visit in visits])
    return max(accumulate(step for _, step in steps), default=0)


def _week(visits: Iterable[Visit], zone: ZoneInfo) -> tuple[Stretch, ...]:
    days: dict[int, Stretch] = {}
    for part in (part for visit in visits for part in _stretches(visit, zone)):
        known = days.get(part.weekday, part)
        starts, ends = min(known.starts, part.starts), max(known.ends, part.ends)
        days[part.weekday] = Stretch(weekday=part.weekday, starts=starts, ends=ends)
    return tuple(sorted(days.values()))


def _stretches(visit: Visit, zone: ZoneInfo) -> Iterator[Stretch]:
    """What the wall clock shows during the visit, by day. Minute by minute where a clock change lies in it."""
    shown: dict[date, list[int]] = defaultdict(list)
    first, last = (at.astimezone(zone) for at in (visit.start_at, end_of(visit) - timedelta(minutes=1)))
    steady = first.utcoffset() == last.utcoffset() and first.date() == last.date()
    for minute in (0, visit.minutes - 1) if steady else range(visit.minutes):
        local = (visit.start_at + timedelta(minutes=minute)).astimezone(zone)
        shown[local.date()].append(_minutes(local))
    for day, minutes in shown.items():
        starts, ends = min(minutes) // _QUARTER * _QUARTER, -(-(max(minutes) + 1) // _QUARTER) * _QUARTER
        yield Stretch(weekday=day.isoweekday(), starts=starts, ends=ends)


def _minutes(local: datetime) -> int:
    return local.hour * 60 + local.minute
