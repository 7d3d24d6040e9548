"""VTIMEZONE of an IANA zone, written out for a few years (RFC 5545, 3.6.5).

icalendar's own `Timezone.from_tzinfo` (7.3.2) puts the onset of daylight saving time into the new wall-clock time; the
RFC has it in the one before ("TZOFFSETFROM is combined with DTSTART to define the effective onset").
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from shared.zone_changes import changes, offset


@lru_cache(maxsize=128)
def vtimezone(name: str, first_year: int, last_year: int) -> bytes:
    """The zone as it is from the start of the one year to the end of the other."""
    zone = ZoneInfo(name)
    since, until = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    made = Timezone()
    made.add("tzid", name)
    made.add_component(_observance(since, zone, offset(since, zone)))
    for change in changes(since, until, zone):
        made.add_component(_observance(change, zone, offset(change - timedelta(seconds=1), zone)))
    written: bytes = made.to_ical()
    return written


def _observance(onset: datetime, zone: ZoneInfo, before: timedelta) -> TimezoneStandard | TimezoneDaylight:
    """What holds from `onset` on; its DTSTART is what clocks showed just then by the offset before."""
    local = onset.astimezone(zone)
    part = TimezoneDaylight() if local.dst() else TimezoneStandard()
    part.add("dtstart", (onset + before).replace(tzinfo=None))
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", local.utcoffset() or timedelta())
    part.add("tzname", local.tzname() or zone.key)
    return part
