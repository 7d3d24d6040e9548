"""When a time zone changes its offset (IANA time zones). Standard library only: the domain asks this too."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# Closer together than this no zone changes its offset twice.
_STEP = timedelta(hours=6)


def offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    """What the zone's clocks are ahead of UTC then."""
    return instant.astimezone(zone).utcoffset() or timedelta()


def changes(since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The first second of each new offset in (since, until], in order."""
    earlier = since
    while earlier < until:
        later = min(earlier + _STEP, until)
        if offset(earlier, zone) != offset(later, zone):
            yield _change_between(earlier, later, zone)
        earlier = later


def _change_between(earlier: datetime, later: datetime, zone: ZoneInfo) -> datetime:
    """The first second with the later offset, by halving."""
    before = offset(earlier, zone)
    while later - earlier > timedelta(seconds=1):
        middle = earlier + timedelta(seconds=(later - earlier) // timedelta(seconds=2))
        if offset(middle, zone) == before:
            earlier = middle
        else:
            later = middle
    return later
