"""One practitioner's schedule at one site: whether a time can be given, and which can."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.errors import (
    AppointmentOverlaps,
    AppointmentTypeInactive,
    BeyondHorizon,
    NoticeTooShort,
    OutsideWorkingHours,
    StartInThePast,
)
from services.scheduling.domain.lanes import Booking
from services.scheduling.domain.needs import needs_beside
from services.scheduling.domain.places import AppointmentType, Site
from services.scheduling.domain.resources import Need
from services.scheduling.domain.taking import Other, Seat, Taken, Wish, chosen, lane_for
from services.scheduling.domain.warnings import OtherVisit, warnings_of
from services.scheduling.domain.working_hours import WorkingHours
from services.scheduling.domain.zones import local_day, start_of_day


@dataclass(frozen=True, kw_only=True)
class Today:
    """The business instant, and what the asker may do beyond the rules: write what lies before this local day, and
    break an appointment type's notice and horizon."""

    now: datetime
    may_backdate: bool = False
    may_break_rules: bool = False


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """What decides over a time of one practitioner at one site, with the `others` that may serve what else is needed.

    `taken` must hold every booking of the practitioner around that time, and `others` theirs (None: nobody asked, and
    the practitioner alone is given); `over` are holds that
    have expired, which whoever takes the time clears away. `visits` are the patient's around it.
    """

    site: Site
    hours: WorkingHours
    kind: AppointmentType
    practitioner_kind: str | None = None
    taken: Sequence[Booking] = ()
    over: Sequence[UUID] = ()
    others: Sequence[Other] | None = None
    visits: Sequence[OtherVisit] = ()

    @property
    def needs(self) -> list[Need]:
        """What a visit needs beside the practitioner. Raises PractitionerDoesNotFit."""
        return needs_beside(self.kind.needs, self.practitioner_kind)

    def book(
        self,
        appointment_id: UUID,
        patient_id: UUID,
        wish: Wish,
        today: Today,
        begin: Callable[[Appointment], None] = Appointment.book,
        reason: str | None = None,
    ) -> Appointment:
        """A new appointment of the schedule's type, told by its first step `begin`.

        Raises AppointmentTypeInactive and what `seat_for` and `begin` raise.
        """
        seat = self.seat_for(wish, today, reason)
        appointment = Appointment(
            appointment_id=appointment_id,
            site_id=self.site.site_id,
            practitioner_id=self.hours.practitioner_id,
            appointment_type_id=self.kind.appointment_type_id,
            patient_id=patient_id,
            start_at=wish.visit.start_at,
            end_at=wish.visit.end_at,
            zone=self.site.zone,
            lane=seat.lane,
            booked_at=today.now,
            set_up_minutes=self.kind.set_up_minutes,
            clean_up_minutes=self.kind.clean_up_minutes,
        )
        appointment.sit(seat)
        self._warn(appointment)
        begin(appointment)
        return appointment

    def move(self, appointment: Appointment, wish: Wish, today: Today, reason: str | None = None) -> None:
        """Moves it here. Raises AppointmentNotBooked and what `seat_for` raises."""
        appointment.require("move")
        seat = self.without(appointment.appointment_id).seat_for(wish, today, reason, anew=False)
        appointment.sit(seat)
        appointment.move(wish.visit, self.hours.practitioner_id, seat.lane, self.site)
        self._warn(appointment)

    def reinstate(self, appointment: Appointment) -> None:
        """Takes the time again that a cancelled one had. Raises AppointmentNotCancelled, AppointmentOverlaps,
        ResourceTaken.

        Neither hours nor the day are asked again: a wrong cancellation must not cost the patient the time.
        """
        appointment.require("reinstate")
        self._sit_again(appointment)
        appointment.reinstate(appointment.lane)

    def undo_noshow(self, appointment: Appointment) -> None:
        """The same for one that was missed. Raises AppointmentNotNoshow, AppointmentOverlaps, ResourceTaken."""
        appointment.require("undo-no-show")
        self._sit_again(appointment)
        appointment.undo_noshow(appointment.lane)

    def seat_for(self, wish: Wish, today: Today, reason: str | None = None, *, anew: bool = True) -> Seat:
        """What to take.

        Raises AppointmentTypeInactive, StartInThePast, NoticeTooShort, BeyondHorizon, PractitionerDoesNotFit,
        OutsideWorkingHours, AppointmentOverlaps, ResourceDoesNotFit, ResourceTaken.
        """
        if anew and not self.kind.active:
            raise AppointmentTypeInactive
        self._require_rules(wish.start_at, today)
        needs = self.needs if self.others is not None else []
        if not self.hours.cover(wish.visit, self.site.zone_info):
            raise OutsideWorkingHours
        return self._seat(wish, needs, reason)

    def without(self, taken_by: UUID | None) -> "Schedule":
        """The schedule as if that appointment or hold had no time: it may move into what it leaves."""
        return replace(
            self,
            taken=[each for each in self.taken if each.taken_by != taken_by],
            others=None if self.others is None else [each.without(taken_by) for each in self.others],
        )

    def _seat(self, wish: Wish, needs: Sequence[Need], reason: str | None) -> Seat:
        lane = lane_for(wish, self.taken, self.site.site_id, self.hours.lanes)
        if lane is None:
            raise AppointmentOverlaps
        beside = self._beside(wish, needs)
        is_beyond = lane.is_beyond or any(taken.lane.is_beyond for taken in beside)
        return Seat(lane=lane.lane, beside=beside, overbooked_reason=reason if is_beyond else None)

    def _beside(self, wish: Wish, needs: Sequence[Need]) -> tuple[Taken, ...]:
        if self.others is None:
            return ()
        others = [each for each in self.others if each.resource_id != self.hours.practitioner_id]
        return chosen(wish, needs, others, self.site.site_id)

    def _sit_again(self, appointment: Appointment) -> None:
        wish = Wish(start_at=appointment.start_at, extent=appointment.extent, rather=tuple(appointment.resource_ids))
        needs = self.needs if appointment.resource_ids else []
        appointment.sit(self._seat(wish, needs, None))
        self._warn(appointment)

    def _warn(self, appointment: Appointment) -> None:
        appointment.warnings = tuple(
            warnings_of(self.visits, appointment.during, appointment.zone, appointment.appointment_id)
        )

    def _require_rules(self, start_at: datetime, today: Today) -> None:
        zone = self.site.zone_info
        is_past = start_at < start_of_day(local_day(today.now, zone), zone)
        if is_past and not today.may_backdate:
            raise StartInThePast
        if is_past or today.may_break_rules:
            return
        earliest = today.now + timedelta(minutes=self.kind.notice_minutes)
        if self.kind.notice_minutes and start_at < earliest:
            raise NoticeTooShort({"earliest_at": stamp(earliest)})
        if self.kind.horizon_days is not None and start_at > (
            latest := today.now + timedelta(days=self.kind.horizon_days)
        ):
            raise BeyondHorizon({"latest_at": stamp(latest)})


def stamp(instant: datetime) -> str:
    """An instant in the details of a refusal."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
