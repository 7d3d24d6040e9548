"""An appointment: the agreement on a time, and what may become of it (domain/life.py has the table).

Each change raises `version` by one and leaves the event that tells the new condition.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.scheduling.domain.appointment_state import AppointmentState
from services.scheduling.domain.errors import AppointmentNotBegun, NotYet
from services.scheduling.domain.life import steps_from
from services.scheduling.domain.places import Site
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.zones import local_day, zone_of
from shared.events.scheduling import (
    AppointmentArrivalUndone,
    AppointmentArrived,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentConfirmationUndone,
    AppointmentConfirmed,
    AppointmentDelayed,
    AppointmentEnteredInError,
    AppointmentFulfilled,
    AppointmentNoshowed,
    AppointmentNoshowUndone,
    AppointmentProgressed,
    AppointmentProposed,
    AppointmentReinstated,
    AppointmentRescheduled,
)

_MINUTE = timedelta(minutes=1)


@dataclass(kw_only=True)
class Appointment(AppointmentState):
    """One appointment and its steps; each raises what `require` raises, and what its own line says."""

    def book(self) -> None:
        """Tells of a new appointment. Its time must have been taken by the schedule."""
        self._tell("book", AppointmentBooked, self.overbooked_reason)

    def propose(self) -> None:
        """The same, for the patient to accept."""
        self.status = "proposed"
        self._tell("propose", AppointmentProposed, self.overbooked_reason)

    def walk_in_now(self, arrival_id: UUID, now: datetime) -> None:
        """The same, for who is here already: one fact, so that nobody is texted about a visit that has begun.

        Raises NotYet.
        """
        self.walk_in = True
        self._arrive(arrival_id, now)
        self._tell("walk-in", AppointmentArrived, self.overbooked_reason)

    def accept(self, now: datetime) -> None:
        """The patient takes what was proposed."""
        self.require("accept")
        self.status, self.booked_at = "booked", now
        self._tell("accept", AppointmentBooked)

    def decline(self, reason: str, now: datetime) -> None:
        """The patient does not; the time is given back."""
        self.require("decline")
        self._cancel("decline", reason, "patient", now)

    def confirm(self, by: str, now: datetime) -> None:
        """Somebody (patient or staff) says that the patient will come."""
        self.require("confirm")
        self.confirmed_at, self.confirmed_by = now, by
        self._tell("confirm", AppointmentConfirmed, by=by)

    def confirm_as_told(self, start_at: datetime | None, site_id: UUID, now: datetime) -> bool:
        """The patient said yes to what she was told of it: nothing where it is no longer so, or is said already."""
        is_as_told = (self.start_at, self.site_id) == (start_at, site_id)
        if not is_as_told or "confirm" not in steps_from(self.stage) or self.confirmed_by == "patient":
            return False
        self.confirm("patient", now)
        return True

    def unconfirm(self) -> None:
        """The confirmation was wrong."""
        self.require("unconfirm")
        self._forget_confirmation()
        self._tell("unconfirm", AppointmentConfirmationUndone)

    def move(self, during: TimeRange, practitioner_id: UUID, lane: int, site: Site | None = None) -> None:
        """To another time (or practitioner, or site, then with the same start told as the previous one).

        What was said of the old time holds no more: confirmation and delay.
        """
        self.require("move")
        self.previous_start_at, self.previous_end_at = self.start_at, self.end_at
        self.previous_practitioner_id, self.previous_site_id = self.practitioner_id, self.site_id
        if site is not None:
            self.site_id, self.zone = site.site_id, site.zone
        self.start_at, self.end_at = during.start_at, during.end_at
        self.practitioner_id, self.lane = practitioner_id, lane
        self.delay_minutes = None
        self._forget_confirmation()
        self._tell("move", AppointmentRescheduled, self.overbooked_reason)

    def cancel(self, reason: str, now: datetime, by: str | None = None) -> None:
        """Gives the time back."""
        self.require("cancel")
        self._cancel("cancel", reason, by, now)

    def reinstate(self, lane: int) -> None:
        """Undoes a cancellation on a lane that is free."""
        self.require("reinstate")
        self.status, self.lane = "booked", lane
        self._forget_cancellation()
        self._tell("reinstate", AppointmentReinstated)

    def mark_noshow(self, now: datetime) -> None:
        """The patient did not come; what is left of the time is given back. Raises AppointmentNotBegun."""
        self.require("no-show")
        if now < self.start_at:
            raise AppointmentNotBegun({"start_at": self.start_at.strftime("%Y-%m-%dT%H:%M:%SZ")})
        self.status, self.noshow_at = "noshow", now
        self._tell("no-show", AppointmentNoshowed)

    def undo_noshow(self, lane: int) -> None:
        """The patient came after all, or is still expected: on a lane that is free."""
        self.require("undo-no-show")
        self.status, self.noshow_at, self.lane = "booked", None, lane
        self._tell("undo-no-show", AppointmentNoshowUndone)

    def enter_in_error(self, reason: str) -> None:
        """It should never have been: final. The time is given back."""
        self.require("enter-in-error")
        self.status = "entered-in-error"
        self._tell("enter-in-error", AppointmentEnteredInError, reason)

    def check_in(self, arrival_id: UUID, now: datetime) -> None:
        """The patient is here. Raises NotYet before the appointment's local day."""
        self.require("check-in")
        self._arrive(arrival_id, now)
        self._tell("check-in", AppointmentArrived)

    def undo_check_in(self) -> None:
        """The check-in was wrong, and what followed from it."""
        self.require("undo-check-in")
        self.status, self.in_room_at, self.done_at, self.room_id = "booked", None, None, None
        self._tell("undo-check-in", AppointmentArrivalUndone)

    def start(self, room_id: UUID | None, now: datetime) -> None:
        """The patient goes in: to that room, where one is named. Who is in goes to another room, or back in."""
        self.require("start")
        self.in_room_at, self.done_at = self.in_room_at or now, None
        self.room_id = room_id or self.room_id
        self._tell("start", AppointmentProgressed)

    def undo_start(self) -> None:
        """The patient is still waiting."""
        self.require("undo-start")
        self.in_room_at, self.room_id = None, None
        self._tell("undo-start", AppointmentProgressed)

    def finish(self, now: datetime) -> None:
        """Done at the desk. What was done in the visit is records' word: a finished encounter fulfils."""
        self.require("finish")
        self.done_at = now
        self._tell("finish", AppointmentProgressed)

    def undo_finish(self) -> None:
        """The patient is still here."""
        self.require("undo-finish")
        self.done_at = None
        self._tell("undo-finish", AppointmentProgressed)

    def delay(self, minutes: int | None) -> None:
        """The practitioner runs late by so many minutes; None: on time again."""
        self.require("delay")
        self.delay_minutes = minutes
        self._tell("delay", AppointmentDelayed)

    def fulfil(self, arrival_id: UUID, arrived_at: datetime) -> None:
        """The encounter of that check-in is finished: final, whatever was undone, cancelled or checked in meanwhile."""
        if self.status == "fulfilled":
            return
        if arrival_id != self.arrival_id:
            self.in_room_at, self.done_at = None, None
        self.status, self.noshow_at = "fulfilled", None
        self.arrival_id, self.arrived_at = arrival_id, arrived_at
        self._forget_cancellation()
        self._tell("fulfil", AppointmentFulfilled)

    def _arrive(self, arrival_id: UUID, now: datetime) -> None:
        zone = zone_of(self.zone)
        if local_day(now, zone) < local_day(self.start_at, zone):
            raise NotYet
        self.status, self.arrival_id, self.arrived_at = "arrived", arrival_id, now

    def _cancel(self, step: str, reason: str, by: str | None, now: datetime) -> None:
        self.status, self.cancelled_at, self.cancelled_reason = "cancelled", now, reason
        self.cancelled_by, self.cancelled_notice_minutes = by, (self.start_at - now) // _MINUTE
        self._tell(step, AppointmentCancelled, reason, by)

    def _forget_cancellation(self) -> None:
        self.cancelled_at, self.cancelled_reason = None, None
        self.cancelled_by, self.cancelled_notice_minutes = None, None

    def _forget_confirmation(self) -> None:
        self.confirmed_at, self.confirmed_by = None, None
