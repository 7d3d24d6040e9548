"""Free time by day as rows. PostgreSQL makes of each row what is free and how long the longest piece is."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.free_days import LONGEST_BOOKING, FreeDay, Place, Roster, WorkingDay
from services.scheduling.domain.lanes import Booking
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.working_hours import WorkingHours
from services.scheduling.domain.zones import zone_of
from services.scheduling.repository.ranges import multirange_of, ranges_of
from services.scheduling.repository.schedules import ScheduleRepository, booking_of
from shared.database.repository import Repository
from shared.errors import NotFound


class FreeTimeRepository(Repository):
    """The caller holds the locks of the resources whose days it keeps."""

    def keep(self, site_id: UUID, rosters: Sequence[Roster], first: date, last: date) -> None:
        """All of their rows at the site anew, of the days from `first` to `last`."""
        self._add(site_id, rosters, first, last, from_on=date.min)

    def keep_days(self, site_id: UUID, rosters: Sequence[Roster], first: date, last: date) -> None:
        """Their rows of some days that are kept, from `first` to `last`."""
        self._write(site_id, rosters, first, last)

    def extend(self, site_id: UUID, rosters: Sequence[Roster], kept: tuple[date, date], last: date) -> None:
        """Later days beside those that are kept, after the last of them."""
        self._add(site_id, rosters, kept[0], last, from_on=kept[1] + timedelta(days=1))

    def kept(self, site_id: UUID, resource_ids: Sequence[UUID]) -> dict[UUID, tuple[date, date]]:
        """The first and the last day that are kept of each of them at the site."""
        rows = self.all("kept", site_id=site_id, resource_ids=list(resource_ids))
        return {row["resource_id"]: (row["from_on"], row["until_on"]) for row in rows}

    def places(self, within: tuple[date, date] | None = None, resource_id: UUID | None = None) -> list[Place]:
        """Where anything (or the one resource) can be booked; `within`: those that are not kept on all of its days."""
        first, last = within or (None, None)
        rows = self.all("free-places", from_on=first, until_on=last, resource_id=resource_id)
        return [Place(**row) for row in rows]

    def work(
        self, site_id: UUID, resource_ids: Sequence[UUID], from_at: datetime
    ) -> tuple[list[WorkingHours], ZoneInfo]:
        """When each may be booked there from then on, whoever asks, and the site's zone. Raises NotFound."""
        row = self.one("zone-of-site", site_id=site_id)
        if row is None:
            raise NotFound
        found = ScheduleRepository(self._uow).hours_at(site_id, from_at, resource_ids)
        hours = [found.get(one) or WorkingHours(practitioner_id=one, site_id=site_id) for one in resource_ids]
        return hours, zone_of(row["zone"])

    def forget_before(self, day: date) -> None:
        """Days that have passed."""
        self.later("forget-past-free-days", before_on=day)
        self.later("forget-past-kept", before_on=day)

    def days(self, place: Place) -> list[FreeDay]:
        """The rows of a place as they are kept."""
        return [
            FreeDay(
                on_day=row["on_day"],
                lane=row["lane"],
                lanes=row["lanes"],
                working=ranges_of(row["working"]),
                taken=ranges_of(row["taken"]),
            )
            for row in self.all("free-days-of", **vars(place))
        ]

    def taken(self, resource_id: UUID, during: TimeRange) -> list[Booking]:
        """All that is taken of the resource within that time."""
        rows = self.all("bookings-of", resource_id=resource_id, from_at=during.start_at, until_at=during.end_at)
        return [booking_of(row) for row in rows]

    def _add(self, site_id: UUID, rosters: Sequence[Roster], first: date, last: date, *, from_on: date) -> None:
        self._write(site_id, rosters, from_on, date.max)
        self.later("keep-kept", **_whose(site_id, *rosters), from_on=first, until_on=last)

    def _write(self, site_id: UUID, rosters: Sequence[Roster], from_on: date, until_on: date) -> None:
        """A statement for all of them, and one more for each roster: its days are sent once, however many have them."""
        span = _whose(site_id, *rosters) | {"from_on": from_on, "until_on": until_on}
        self.later("forget-free-days", **span)
        for each in rosters:
            if each.days:
                self.later("add-free-days", **_whose(site_id, each), lanes=each.lanes, **_columns(each.days))
        self.later("keep-taken-from", **span)


def _whose(site_id: UUID, *rosters: Roster) -> dict[str, Any]:
    return {"site_id": site_id, "resource_ids": [one for each in rosters for one in each.resource_ids]}


def _columns(days: Sequence[WorkingDay]) -> dict[str, list[object]]:
    reaches = [day.reach for day in days]
    return {
        "on_days": [day.on_day for day in days],
        "working": [multirange_of(day.working) for day in days],
        "since_ats": [reach.start_at - LONGEST_BOOKING for reach in reaches],
        "from_ats": [reach.start_at for reach in reaches],
        "until_ats": [reach.end_at for reach in reaches],
    }
