"""An appointment: the agreement on a time, and what may become of it.

    booked -> arrived -> fulfilled        cancel and check-in can be undone;
    booked -> cancelled -> booked         fulfilled is final

Each change raises `version` by one and leaves the event that tells the new condition.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.scheduling.domain.errors import (
    AppointmentNotArrived,
    AppointmentNotBooked,
    AppointmentNotCancelled,
    NotYet,
    VisitAlreadyFinished,
)
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.zones import local_day, zone_of
from shared.errors import Refused
from shared.events.scheduling import (
    AppointmentArrivalUndone,
    AppointmentArrived,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentCondition,
    AppointmentFulfilled,
    AppointmentReinstated,
    AppointmentRescheduled,
)
from shared.ids import encounter_id_of

Status = Literal["booked", "arrived", "fulfilled", "cancelled"]


@dataclass(kw_only=True)
class Appointment:
    """One appointment. `lane` is the lane of its booking; `zone` its site's.

    `arrival_id` and `arrived_at` stay after an undone check-in, so that a visit that was
    finished meanwhile can still be told apart; `is_arrived` says whether they hold.
    """

    appointment_id: UUID
    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    patient_id: UUID
    status: Status = "booked"
    start_at: datetime
    end_at: datetime
    zone: str
    lane: int
    booked_at: datetime
    previous_start_at: datetime | None = None
    arrival_id: UUID | None = None
    arrived_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_reason: str | None = None
    version: int = 0
    events: list[AppointmentCondition] = field(default_factory=list, compare=False, repr=False)

    @property
    def during(self) -> TimeRange:
        return TimeRange(self.start_at, self.end_at)

    @property
    def is_arrived(self) -> bool:
        """Whether the check-in holds, so that there is (or will be) an encounter."""
        return self.status in ("arrived", "fulfilled")

    @property
    def encounter_id(self) -> UUID | None:
        """The encounter that the check-in opens in records: known here before it is opened there."""
        return encounter_id_of(self.arrival_id) if self.arrival_id and self.is_arrived else None

    def book(self) -> None:
        """Tells of a new appointment. Its time must have been taken by the schedule."""
        self._tell(AppointmentBooked)

    def move(self, during: TimeRange, practitioner_id: UUID, lane: int) -> None:
        """To another time (or practitioner, then with the same start told as the previous one)."""
        self.require("booked", AppointmentNotBooked)
        self.previous_start_at = self.start_at
        self.start_at, self.end_at = during.start_at, during.end_at
        self.practitioner_id, self.lane = practitioner_id, lane
        self._tell(AppointmentRescheduled)

    def cancel(self, reason: str, now: datetime) -> None:
        """Gives the time back. Raises AppointmentNotBooked, VisitAlreadyFinished."""
        self.require("booked", AppointmentNotBooked)
        self.status, self.cancelled_at, self.cancelled_reason = "cancelled", now, reason
        self._tell(AppointmentCancelled)

    def reinstate(self, lane: int) -> None:
        """Undoes a cancellation on a lane that is free. Raises AppointmentNotCancelled."""
        self.require("cancelled", AppointmentNotCancelled)
        self.status, self.cancelled_at, self.cancelled_reason = "booked", None, None
        self.lane = lane
        self._tell(AppointmentReinstated)

    def check_in(self, arrival_id: UUID, now: datetime) -> None:
        """The patient is here. Raises NotYet before the appointment's local day, AppointmentNotBooked."""
        self.require("booked", AppointmentNotBooked)
        zone = zone_of(self.zone)
        if local_day(now, zone) < local_day(self.start_at, zone):
            raise NotYet
        self.status, self.arrival_id, self.arrived_at = "arrived", arrival_id, now
        self._tell(AppointmentArrived)

    def undo_check_in(self) -> None:
        """The check-in was wrong. Raises VisitAlreadyFinished, AppointmentNotArrived."""
        self.require("arrived", AppointmentNotArrived)
        self.status = "booked"
        self._tell(AppointmentArrivalUndone)

    def fulfil(self, arrival_id: UUID, arrived_at: datetime) -> None:
        """The encounter of that check-in is finished: final, whatever was undone, cancelled or checked in meanwhile."""
        if self.status == "fulfilled":
            return
        self.status, self.cancelled_at, self.cancelled_reason = "fulfilled", None, None
        self.arrival_id, self.arrived_at = arrival_id, arrived_at
        self._tell(AppointmentFulfilled)

    def require(self, status: Status, otherwise: type[Refused]) -> None:
        """Raises VisitAlreadyFinished for a fulfilled one, and `otherwise` where it is not `status`."""
        if self.status == "fulfilled":
            raise VisitAlreadyFinished
        if self.status != status:
            raise otherwise({"status": self.status})

    def _tell(self, kind: type[AppointmentCondition]) -> None:
        self.version += 1
        self.events.append(kind(**{each.name: getattr(self, each.name) for each in fields(kind)}))
