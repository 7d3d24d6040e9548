"""Working hours and the time taken: what a schedule decides from."""

from datetime import datetime, timedelta
from uuid import UUID

from services.scheduling.domain.lanes import Booking
from services.scheduling.domain.places import AppointmentType, Site
from services.scheduling.domain.schedule import Schedule
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.working_hours import WeeklyHours, WorkingHours
from shared.database.repository import Repository
from shared.database.session import Row
from shared.errors import NotFound


class ScheduleRepository(Repository):
    """One practitioner at one site, read in one question. Another's site is NotFound."""

    def hours(self, practitioner_id: UUID, site_id: UUID) -> WorkingHours:
        """The week; an empty one where the practitioner does not work there."""
        row = self.one("working-hours", practitioner_id=practitioner_id, site_id=site_id)
        return _hours(practitioner_id, site_id, row or {"version": None})

    def keep_hours(self, hours: WorkingHours) -> None:
        """Replaces the week and makes sure of the lanes. The caller holds the resource's lock."""
        place = {"practitioner_id": hours.practitioner_id, "site_id": hours.site_id}
        self.later("keep-working-hours", **place, lanes=hours.lanes, version=hours.version)
        self.later("forget-weekly-hours", **place)
        self.many_later("keep-weekly-hours", [(*place.values(), it.weekday, it.starts, it.ends) for it in hours.weekly])
        self.later("keep-lanes", resource_id=hours.practitioner_id, lanes=hours.lanes)

    def schedule(
        self, site_id: UUID, practitioner_id: UUID, around: TimeRange, ahead: timedelta = timedelta()
    ) -> Schedule:
        """The schedule with all that is taken from the start of `around` to `ahead` after its end."""
        until_at = around.end_at + ahead
        rows = self._read("schedule", site_id, practitioner_id, from_at=around.start_at, until_at=until_at)
        return _schedule(practitioner_id, rows)

    def schedule_to_book(
        self, site_id: UUID, practitioner_id: UUID, appointment_type_id: UUID, start_at: datetime
    ) -> tuple[Schedule, AppointmentType]:
        """The schedule with all that is taken while an appointment of that type would last, and the type.

        Raises NotFound where site, practitioner or type are not there.
        """
        rows = self._read(
            "schedule-to-book", site_id, practitioner_id, appointment_type_id=appointment_type_id, from_at=start_at
        )
        kind = AppointmentType(
            appointment_type_id=appointment_type_id,
            name=rows[0]["type_name"],
            minutes=rows[0]["minutes"],
            active=rows[0]["active"],
            version=rows[0]["type_version"],
        )
        return _schedule(practitioner_id, rows), kind

    def _read(self, statement: str, site_id: UUID, practitioner_id: UUID, **more: object) -> list[Row]:
        self._uow.asker.require_site(site_id)
        rows = self.all(statement, site_id=site_id, practitioner_id=practitioner_id, **more)
        if not rows:
            raise NotFound
        return rows


def _schedule(practitioner_id: UUID, rows: list[Row]) -> Schedule:
    return Schedule(
        site=_site(rows[0]),
        hours=_hours(practitioner_id, rows[0]["site_id"], rows[0]),
        taken=[_booking(row) for row in rows if row["taken_by"] is not None],
    )


def _site(row: Row) -> Site:
    return Site(
        site_id=row["site_id"],
        name=row["site_name"],
        zone=row["zone"],
        phone=row["phone"],
        version=row["site_version"],
    )


def _hours(practitioner_id: UUID, site_id: UUID, row: Row) -> WorkingHours:
    if row["version"] is None:
        return WorkingHours(practitioner_id=practitioner_id, site_id=site_id)
    weekly = tuple(WeeklyHours(weekday=day, starts=starts, ends=ends) for day, starts, ends in row["weekly"] or ())
    return WorkingHours(
        practitioner_id=practitioner_id, site_id=site_id, lanes=row["lanes"], weekly=weekly, version=row["version"]
    )


def _booking(row: Row) -> Booking:
    during = TimeRange(row["start_at"], row["end_at"])
    return Booking(appointment_id=row["taken_by"], site_id=row["taken_at"], lane=row["taken_lane"], during=during)
