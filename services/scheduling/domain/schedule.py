"""One practitioner's schedule at one site: whether a time can be given, and which can."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.errors import (
    AppointmentNotBooked,
    AppointmentNotCancelled,
    AppointmentOverlaps,
    AppointmentTypeInactive,
    OutsideWorkingHours,
    StartInThePast,
)
from services.scheduling.domain.free_times import free_times
from services.scheduling.domain.lanes import Booking, busy_lanes, free_lane
from services.scheduling.domain.places import AppointmentType, Site
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.working_hours import WorkingHours
from services.scheduling.domain.zones import local_day, start_of_day

# A refusal names so many free times, looked for this far ahead.
NEXT_FREE_TIMES = 5
NEXT_FREE_DAYS = 14


@dataclass(frozen=True, kw_only=True)
class Today:
    """The business instant, and whether the asker may write what lies before this local day."""

    now: datetime
    may_backdate: bool = False


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """What decides over a time. `taken` must hold every booking of the practitioner around that time."""

    site: Site
    hours: WorkingHours
    taken: Sequence[Booking] = ()

    def book(
        self, appointment_id: UUID, kind: AppointmentType, patient_id: UUID, start_at: datetime, today: Today
    ) -> Appointment:
        """A new appointment. Raises AppointmentTypeInactive and what `lane_for` raises."""
        if not kind.active:
            raise AppointmentTypeInactive
        during = TimeRange.lasting(start_at, kind.length)
        appointment = Appointment(
            appointment_id=appointment_id,
            site_id=self.site.site_id,
            practitioner_id=self.hours.practitioner_id,
            appointment_type_id=kind.appointment_type_id,
            patient_id=patient_id,
            start_at=during.start_at,
            end_at=during.end_at,
            zone=self.site.zone,
            lane=self.lane_for(during, today),
            booked_at=today.now,
        )
        appointment.book()
        return appointment

    def move(self, appointment: Appointment, start_at: datetime, today: Today) -> None:
        """Moves it here, as long as before. Raises AppointmentNotBooked and what `lane_for` raises."""
        appointment.require("booked", AppointmentNotBooked)
        during = TimeRange.lasting(start_at, appointment.during.length)
        lane = self.without(appointment).lane_for(during, today)
        appointment.move(during, self.hours.practitioner_id, lane)

    def reinstate(self, appointment: Appointment) -> None:
        """Takes the time again that a cancelled one had. Raises AppointmentNotCancelled, AppointmentOverlaps.

        Neither hours nor the day are asked again: a wrong cancellation must not cost the patient the time.
        """
        appointment.require("cancelled", AppointmentNotCancelled)
        appointment.reinstate(self._free_lane(appointment.during))

    def lane_for(self, during: TimeRange, today: Today) -> int:
        """The lane to take. Raises StartInThePast, OutsideWorkingHours, AppointmentOverlaps."""
        zone = self.site.zone_info
        if during.start_at < start_of_day(local_day(today.now, zone), zone) and not today.may_backdate:
            raise StartInThePast
        if not self.hours.cover(during, zone):
            raise OutsideWorkingHours
        return self._free_lane(during)

    def free_times(self, first: date, last: date, length: timedelta, not_before: datetime) -> Iterator[TimeRange]:
        """What can be offered from the local day `first` to `last`."""
        working = self.hours.times(first, last, self.site.zone_info)
        return free_times(working, self._busy(), length, not_before)

    def next_free_times(self, wanted: TimeRange, now: datetime) -> list[TimeRange]:
        """The first times from `wanted` on that are free; `taken` must reach NEXT_FREE_DAYS ahead of it."""
        not_before = max(wanted.start_at, now)
        first = local_day(not_before, self.site.zone_info)
        found = self.free_times(first, first + timedelta(days=NEXT_FREE_DAYS), wanted.length, not_before)
        return list(islice(found, NEXT_FREE_TIMES))

    def without(self, appointment: Appointment) -> "Schedule":
        """The schedule as if that appointment had no time: it may move into what it leaves."""
        taken = [each for each in self.taken if each.appointment_id != appointment.appointment_id]
        return Schedule(site=self.site, hours=self.hours, taken=taken)

    def _free_lane(self, during: TimeRange) -> int:
        lane = free_lane(during, self._busy())
        if lane is None:
            raise AppointmentOverlaps
        return lane

    def _busy(self) -> list[list[TimeRange]]:
        return busy_lanes(self.taken, self.site.site_id, self.hours.lanes)
