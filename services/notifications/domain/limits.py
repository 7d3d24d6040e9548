"""Within which limits a network texts, and what becomes of a text that may not go now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from services.notifications.domain.quiet_hours import QuietHours
from services.notifications.domain.texts import QUIET_HOURS

# So soon after a change it is told to somebody who is waiting for it.
_A_MOMENT = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class TextingLimits:
    """`quiet` None: texts go at all hours. `most_a_day`, `most_a_week`: texts of one purpose to one patient; None: any
    number. `version` 0: nothing was set yet, and the defaults hold.
    """

    quiet: QuietHours | None = field(default_factory=QuietHours)
    most_a_day: int | None = 1
    most_a_week: int | None = 3
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What becomes of a due text: skipped for that `reason`, due again at `until`, or sent (neither)."""

    reason: str | None = None
    until: datetime | None = None

    @property
    def is_to_go(self) -> bool:
        return self.reason is None and self.until is None


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Where a text comes from and goes to: the site's IANA zone and closed days, and the zones of the number."""

    site_zone: str
    number_zones: Sequence[str] = ()
    closed_on: Collection[date] = ()


GO = Verdict()


def verdict_on(
    news_since: datetime | None, of_use_until: datetime, where: Surroundings, limits: TextingLimits, now: datetime
) -> Verdict:
    """Whether a text that may be sent may be sent now. What can wait waits, and what cannot is a person's to tell.

    `news_since`: when what it answers came about, None where it answers nothing.
    """
    is_answer = news_since is not None and now - news_since < _A_MOMENT
    if limits.quiet is None or (is_answer and not limits.quiet.answers_wait):
        return GO
    allowed = limits.quiet.next_allowed(now, where.site_zone, where.number_zones, where.closed_on)
    if allowed == now:
        return GO
    if allowed is None or allowed > of_use_until:
        return Verdict(reason=QUIET_HOURS)
    return Verdict(until=allowed)
