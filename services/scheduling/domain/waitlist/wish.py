"""What would fit somebody who waits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.errors import ImpossibleWish
from services.scheduling.domain.free_days import LONGEST_VISIT
from services.scheduling.domain.time_range import TimeRange

_MINUTE = timedelta(minutes=1)
_MINUTES_OF_DAY = 24 * 60
_LONGEST_VISIT = LONGEST_VISIT // _MINUTE


@dataclass(frozen=True, kw_only=True)
class Wish:
    """None is any. Days and hours are the site's own: weekdays by ISO (1 is Monday), `starts` and `ends` in minutes
    from midnight, between which the visit has to lie. `notice_minutes`: how long before the start the patient has to
    know of it."""

    site_ids: tuple[UUID, ...] | None = None
    practitioner_ids: tuple[UUID, ...] | None = None
    weekdays: tuple[int, ...] | None = None
    starts: int | None = None
    ends: int | None = None
    from_on: date | None = None
    until_on: date | None = None
    notice_minutes: int = 0

    @property
    def notice(self) -> timedelta:
        return self.notice_minutes * _MINUTE

    @property
    def hours(self) -> tuple[tuple[int, int], ...]:
        """Between which minutes of a day it has to lie; none: whenever."""
        if self.starts is None and self.ends is None:
            return ()
        # What may end at any hour may end after midnight.
        return ((self.starts or 0, _MINUTES_OF_DAY + _LONGEST_VISIT if self.ends is None else self.ends),)

    def takes(self, time: TimeRange, zone: ZoneInfo) -> bool:
        """Whether the day and the hours would do, by the wall clock of the site."""
        # The last minute and not the end: where the clock goes back, the end shows an earlier hour.
        begins, last = time.start_at.astimezone(zone), (time.end_at - _MINUTE).astimezone(zone)
        day = begins.date()
        return (
            (self.from_on is None or self.from_on <= day)
            and (self.until_on is None or day <= self.until_on)
            and (self.weekdays is None or day.isoweekday() in self.weekdays)
            and (self.starts is None or self.starts <= _minute_of(begins, day))
            and (self.ends is None or _minute_of(last, day) < self.ends)
        )


def checked_wish(wish: Wish) -> Wish:
    """The wish. Raises ImpossibleWish for hours or days that end before they start."""
    starts, ends = wish.starts or 0, _MINUTES_OF_DAY if wish.ends is None else wish.ends
    if starts >= ends:
        raise ImpossibleWish("ends", "must be later than starts")
    if wish.from_on and wish.until_on and wish.until_on < wish.from_on:
        raise ImpossibleWish("until_on", "must not be before from_on")
    return wish


def _minute_of(moment: datetime, day: date) -> float:
    """Minutes from the midnight with which `day` began, as the wall clock counts them; past 24:00 on the next day."""
    return (moment.date() - day).days * _MINUTES_OF_DAY + moment.hour * 60 + moment.minute + moment.second / 60
