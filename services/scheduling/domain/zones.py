"""Wall-clock time of a place and the instants that it stands for (IANA time zones, RFC 6557).

A wall-clock time that a spring change skips stands for no instant, one that an autumn
change repeats stands for two. So a stretch of wall-clock time is looked up by the offsets
that were in force, and never by converting its two ends.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from services.scheduling.domain.errors import UnknownZone
from services.scheduling.domain.time_range import TimeRange, merged
from shared.zone_changes import changes, offset

# No zone is farther from UTC than 14 hours, so a local day lies within this much of the same day in UTC.
_FARTHEST = timedelta(hours=15)


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if "/" in name) | {"UTC"}


def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name. Raises UnknownZone."""
    if name not in _known_zones():
        raise UnknownZone
    return ZoneInfo(name)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day that it is in `zone`."""
    return instant.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day; not always 00:00, since some zones change at midnight."""
    return day_range(day, zone).start_at


@lru_cache(maxsize=8192)
def day_range(day: date, zone: ZoneInfo) -> TimeRange:
    """All instants of a local day: 23, 24 or 25 hours as a rule."""
    parts = instants_of(day, timedelta(), timedelta(days=1), zone)
    if not parts:  # a day that the zone left out (Samoa, 2011-12-30)
        midnight = datetime.combine(day, time(), UTC) - offset(datetime.combine(day, time(), UTC), zone)
        return TimeRange(midnight, midnight)
    return TimeRange(parts[0].start_at, parts[-1].end_at)


def instants_of(day: date, starts: timedelta, ends: timedelta, zone: ZoneInfo) -> list[TimeRange]:
    """The instants of `day` at which the wall clock shows [starts, ends), counted from midnight."""
    midnight = datetime.combine(day, time(), UTC)
    shown = (
        (part, TimeRange(midnight + starts - ahead, midnight + ends - ahead)) for part, ahead in _parts_of(day, zone)
    )
    return merged(inside for part, wall in shown if (inside := wall.within(part)) is not None)


@lru_cache(maxsize=8192)
def _parts_of(day: date, zone: ZoneInfo) -> tuple[tuple[TimeRange, timedelta], ...]:
    """All instants that may be of that day, by the offset in force. Many stretches of one day ask for it."""
    midnight = datetime.combine(day, time(), UTC)
    return tuple(_parts(TimeRange(midnight - _FARTHEST, midnight + timedelta(days=1) + _FARTHEST), zone))


def _parts(around: TimeRange, zone: ZoneInfo) -> list[tuple[TimeRange, timedelta]]:
    """The range cut where the zone's offset changes, each piece with its offset."""
    parts: list[tuple[TimeRange, timedelta]] = []
    start_at = around.start_at
    for change in changes(around.start_at, around.end_at, zone):
        parts.append((TimeRange(start_at, change), offset(start_at, zone)))
        start_at = change
    return [*parts, (TimeRange(start_at, around.end_at), offset(start_at, zone))]
