"""Sites' opening hours, and what deviates from working time."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.scheduling.domain.opening import OpeningHours
from services.scheduling.domain.spans import Span
from services.scheduling.domain.time_exceptions import TimeException
from services.scheduling.repository.hours_rows import weeks_of, weeks_row
from shared.database.repository import Repository
from shared.database.session import Row
from shared.errors import NotFound

_SPAN = tuple(each.name for each in fields(Span))


class OpeningRepository(Repository):
    """One site's week at a time, one exception at a time."""

    def hours(self, site_id: UUID) -> OpeningHours:
        """None, of version 0, where none were ever set."""
        row = self.one("opening-hours", site_id=site_id)
        return OpeningHours(weeks=weeks_of(row["weeks"]), version=row["version"]) if row else OpeningHours()

    def keep_hours(self, site_id: UUID, hours: OpeningHours) -> None:
        self.later("keep-opening-hours", site_id=site_id, weeks=weeks_row(hours.weeks), version=hours.version)

    def holidays(self, site_id: UUID, since: date) -> list[date]:
        """The next whole days from then on, of two years at the most, that are holidays of the site."""
        return [row["day"] for row in self.all("holidays", site_id=site_id, since=since)]

    def exception(self, exception_id: UUID) -> TimeException:
        """Also one that was removed. Raises NotFound, also for one of another's site."""
        row = self.one("exception", exception_id=exception_id)
        if row is None:
            raise NotFound
        if row["site_id"] is not None:
            self._uow.asker.require_site(row["site_id"])
        return exception_of(row)

    def add_exception(self, exception: TimeException) -> None:
        span = exception.span
        bounds = {
            "begins_on": span.from_on or (span.start_at and span.start_at.date()),
            "ends_on": span.until_on or (span.end_at and span.end_at.date()),
        }
        row = {name: value for name, value in vars(exception).items() if name != "span"}
        self.later("add-exception", **row, **vars(span), **bounds)

    def remove_exception(self, exception_id: UUID, now: datetime) -> None:
        self.later("remove-exception", exception_id=exception_id, removed_at=now)


def exception_of(row: Row) -> TimeException:
    names = ("exception_id", "site_id", "resource_id", "kind", "reason")
    known: dict[str, Any] = {name: row[name] for name in names}
    return TimeException(**known, span=Span(**{name: row[name] for name in _SPAN}))
