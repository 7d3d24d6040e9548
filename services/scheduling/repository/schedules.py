"""Working hours and the time taken: what a schedule decides from."""

from datetime import timedelta
from uuid import UUID

from services.scheduling.domain.lanes import Booking
from services.scheduling.domain.places import Site
from services.scheduling.domain.schedule import Schedule
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.working_hours import WeeklyHours, WorkingHours
from shared.database.repository import Repository
from shared.database.unit_of_work import UnitOfWork


class ScheduleRepository(Repository):
    """One practitioner at one site."""

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow)
        self._hours: dict[tuple[UUID, UUID], WorkingHours] = {}

    def hours(self, practitioner_id: UUID, site_id: UUID) -> WorkingHours:
        """The week; an empty one where the practitioner does not work there. Read once in a transaction."""
        key = (practitioner_id, site_id)
        if key not in self._hours:
            self._hours[key] = self._read_hours(practitioner_id, site_id)
        return self._hours[key]

    def _read_hours(self, practitioner_id: UUID, site_id: UUID) -> WorkingHours:
        row = self.one("working-hours", practitioner_id=practitioner_id, site_id=site_id)
        if row is None:
            return WorkingHours(practitioner_id=practitioner_id, site_id=site_id)
        weekly = self.all("weekly-hours", practitioner_id=practitioner_id, site_id=site_id)
        return WorkingHours(**row, weekly=tuple(WeeklyHours(**each) for each in weekly))

    def keep_hours(self, hours: WorkingHours) -> None:
        """Replaces the week and makes sure of the lanes. The caller holds the resource's lock."""
        self._hours.clear()
        place = {"practitioner_id": hours.practitioner_id, "site_id": hours.site_id}
        self.run("keep-working-hours", **place, lanes=hours.lanes, version=hours.version)
        self.run("forget-weekly-hours", **place)
        self.many("keep-weekly-hours", [(*place.values(), it.weekday, it.starts, it.ends) for it in hours.weekly])
        self.run("keep-lanes", resource_id=hours.practitioner_id, lanes=hours.lanes)

    def schedule(
        self, site: Site, practitioner_id: UUID, around: TimeRange, ahead: timedelta = timedelta()
    ) -> Schedule:
        """The schedule with all that is taken from the start of `around` to `ahead` after its end."""
        taken = self.all(
            "time-taken", resource_id=practitioner_id, from_at=around.start_at, until_at=around.end_at + ahead
        )
        bookings = [
            Booking(during=TimeRange(row.pop("start_at"), row.pop("end_at")), **row) for row in map(dict, taken)
        ]
        return Schedule(site=site, hours=self.hours(practitioner_id, site.site_id), taken=bookings)
