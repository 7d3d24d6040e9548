"""The facts that scheduling tells."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.base import Condition


@dataclass(frozen=True, kw_only=True)
class AppointmentCondition(Condition):
    """An agreement on a time. `status` is FHIR R4: booked, arrived, fulfilled, cancelled.

    `arrival_id` is new with every check-in and stays after its undoing (`status` is then
    booked again), so that what hangs on it can be found and closed.
    """

    source = "scheduling"
    aggregate = "appointment"
    subject_field = "appointment_id"

    appointment_id: UUID
    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    patient_id: UUID
    status: str
    start_at: datetime
    end_at: datetime
    zone: str
    previous_start_at: datetime | None
    booked_at: datetime
    arrival_id: UUID | None
    arrived_at: datetime | None
    cancelled_at: datetime | None
    cancelled_reason: str | None


@dataclass(frozen=True, kw_only=True)
class AppointmentBooked(AppointmentCondition):
    """A time was agreed."""

    type = "appointment-booked"


@dataclass(frozen=True, kw_only=True)
class AppointmentRescheduled(AppointmentCondition):
    """The appointment moved; `previous_start_at` is where it was."""

    type = "appointment-rescheduled"


@dataclass(frozen=True, kw_only=True)
class AppointmentCancelled(AppointmentCondition):
    """The appointment will not take place."""

    type = "appointment-cancelled"


@dataclass(frozen=True, kw_only=True)
class AppointmentReinstated(AppointmentCondition):
    """A cancellation was undone; the time is taken again."""

    type = "appointment-reinstated"


@dataclass(frozen=True, kw_only=True)
class AppointmentArrived(AppointmentCondition):
    """The patient was checked in."""

    type = "appointment-arrived"


@dataclass(frozen=True, kw_only=True)
class AppointmentArrivalUndone(AppointmentCondition):
    """A wrong check-in was undone."""

    type = "appointment-arrival-undone"


@dataclass(frozen=True, kw_only=True)
class AppointmentFulfilled(AppointmentCondition):
    """The encounter of this appointment is finished."""

    type = "appointment-fulfilled"


@dataclass(frozen=True, kw_only=True)
class SiteChanged(Condition):
    """A site was added or changed."""

    type = "site-changed"
    source = "scheduling"
    aggregate = "site"
    subject_field = "site_id"

    site_id: UUID
    name: str
    zone: str
    phone: str | None


@dataclass(frozen=True, kw_only=True)
class PractitionerChanged(Condition):
    """A practitioner was added or changed."""

    type = "practitioner-changed"
    source = "scheduling"
    aggregate = "practitioner"
    subject_field = "practitioner_id"

    practitioner_id: UUID
    given: str
    family: str
