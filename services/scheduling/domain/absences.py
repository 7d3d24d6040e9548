"""Absences: a practitioner who does not come, or a site that closes, while visits are booked there."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.scheduling.domain.errors import AbsenceOver, AbsenceUndone, ImpossibleAbsence
from services.scheduling.domain.time_range import TimeRange

LONGEST_ABSENCE = timedelta(days=366)
# So far from its own site a visit may be proposed another, where nobody says otherwise.
NEAR_MILES = 25


@dataclass(frozen=True, kw_only=True)
class Absence:
    """From one instant to another, of exactly one of `practitioner_id` and `site_id` (which then is closed).

    `site_ids` are the sites that it concerns: where the practitioner works, or has visits then. `exception_id` is the
    leave or the closure by which it is taken out of working time. Its visits are proposed times at their own sites,
    and at others that lie `within_miles` of them.
    """

    absence_id: UUID
    exception_id: UUID
    practitioner_id: UUID | None = None
    site_id: UUID | None = None
    from_at: datetime
    until_at: datetime
    reason: str
    site_ids: tuple[UUID, ...]
    marked_at: datetime
    within_miles: int = NEAR_MILES
    undone_at: datetime | None = None
    version: int = 1

    @property
    def during(self) -> TimeRange:
        return TimeRange(self.from_at, self.until_at)

    def extended(self, to: TimeRange, site_ids: tuple[UUID, ...], exception_id: UUID) -> "Absence":
        """The absence over that time as well, by another exception; itself where it covers it and the sites already."""
        sites = tuple(sorted({*self.site_ids, *site_ids}))
        if self.during.holds(to) and sites == self.site_ids:
            return self
        from_at, until_at = min(self.from_at, to.start_at), max(self.until_at, to.end_at)
        return replace(
            self,
            exception_id=exception_id,
            from_at=from_at,
            until_at=until_at,
            site_ids=sites,
            version=self.version + 1,
        )

    def reaching(self, within_miles: int | None) -> "Absence":
        """With that distance from now on, where one is named; itself where it is no other."""
        if within_miles in (None, self.within_miles):
            return self
        return replace(self, within_miles=within_miles, version=self.version + 1)

    def undone(self, now: datetime) -> "Absence":
        """He came after all. Raises AbsenceUndone where that was said before."""
        if self.undone_at is not None:
            raise AbsenceUndone
        return replace(self, undone_at=now, version=self.version + 1)


def checked_absence(from_at: datetime, until_at: datetime) -> TimeRange:
    """The time of an absence. Raises ImpossibleAbsence where it ends before it starts or lasts longer than a year."""
    if not from_at < until_at <= from_at + LONGEST_ABSENCE:
        raise ImpossibleAbsence
    return TimeRange(from_at, until_at)


def require_not_over(during: TimeRange, now: datetime) -> None:
    """Raises AbsenceOver for one that lies in the past: nobody can be moved out of it."""
    if during.end_at <= now:
        raise AbsenceOver
