"""When a text may go: not by night, and not on days that a network keeps quiet, by the clocks of all concerned."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SUNDAY = 7
_DAY = timedelta(days=1)
# Quiet for so long without an end: every day of two weeks is a holiday somewhere, or the hours never meet.
_NEVER_AFTER = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """From `starts` until `ends` (not included) by the wall clock of every zone that is asked about; from
    noon until two as well as from evening until morning.

    The hours before 8 and from 21 on are those of 47 CFR 64.1200(c)(1), "local time at the called party's location".
    `sundays`: all of them; `holidays`: all days on which the site is closed. `answers_wait`: they hold for what
    answers the patient's own act of a moment ago, too.
    """

    starts: time = time(21)
    ends: time = time(8)
    sundays: bool = False
    holidays: bool = True
    answers_wait: bool = True

    def next_allowed(
        self, now: datetime, site_zone: str, other_zones: Sequence[str] = (), closed_on: Collection[date] = ()
    ) -> datetime | None:
        """The first instant from `now` on (UTC) that is quiet in none of the zones; None: in two weeks there is none.

        `closed_on`: days on which the site is closed, by its own calendar.
        """
        days_off = frozenset(closed_on) if self.holidays else frozenset()
        zones = [(site_zone, days_off), *((zone, frozenset[date]()) for zone in other_zones)]
        allowed = now
        while allowed < now + _NEVER_AFTER:
            over = max(self._end_of_quiet(allowed, ZoneInfo(zone), off) for zone, off in zones)
            if over == allowed:
                return allowed.astimezone(UTC)
            allowed = over
        return None

    def _end_of_quiet(self, at: datetime, zone: ZoneInfo, days_off: Collection[date]) -> datetime:
        """`at` itself where it is not quiet in that zone, or else the first instant after it that is not."""
        while self._is_quiet(at, zone, days_off):
            at = min(change for change in self._changes(at.astimezone(zone).date(), zone) if change > at)
        return at

    def _is_quiet(self, at: datetime, zone: ZoneInfo, days_off: Collection[date]) -> bool:
        local = at.astimezone(zone)
        is_day_off = local.date() in days_off or (self.sundays and local.isoweekday() == _SUNDAY)
        return is_day_off or self._is_night(local.time())

    def _is_night(self, at: time) -> bool:
        if self.starts <= self.ends:
            return self.starts <= at < self.ends
        return at >= self.starts or at < self.ends

    def _changes(self, day: date, zone: ZoneInfo) -> Iterator[datetime]:
        """Instants of this day and the next at which quiet may end. An hour that comes twice may end it twice."""
        for each in (day, day + _DAY):
            for at in (time(0), self.ends):
                yield from instants_at(each, at, zone)


def instants_at(day: date, at: time, zone: ZoneInfo) -> list[datetime]:
    """The instants (UTC) at which the wall clock shows that time on that day: two where the hour comes twice; where
    it is left out, the instant at which the clock jumps over it."""
    first, second = (datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if second >= first:
        return [first, second] if second > first else [first]
    # In a gap the second reading is before the jump and the first after it.
    offset = first.astimezone(zone).utcoffset()
    between = [second + timedelta(seconds=s) for s in range(int((first - second).total_seconds()) + 1)]
    return [between[bisect_left(between, 1, key=lambda it: int(it.astimezone(zone).utcoffset() == offset))]]
