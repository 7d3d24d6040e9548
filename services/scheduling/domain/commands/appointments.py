"""What is done to appointments. Instants are aware, in UTC; `version` is the caller's If-Match."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class PrepareBooking:
    """What a booking will name, but for its patient, whom nobody has registered yet."""

    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    start_at: datetime
    resource_ids: tuple[UUID, ...] = ()
    hold_id: UUID | None = None
    overbook_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class BookAppointment:
    """Takes a time for a patient whom the gateway has found in records, from a hold where one is named.

    What the visit needs beside the practitioner is chosen where it is not named. With an `overbook_reason` lanes beyond
    capacity may be taken.
    """

    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    patient_id: UUID
    start_at: datetime
    resource_ids: tuple[UUID, ...] = ()
    hold_id: UUID | None = None
    overbook_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class MoveAppointment:
    """To another start, and to another site and practitioner (room, device) where one is named."""

    appointment_id: UUID
    start_at: datetime
    site_id: UUID | None = None
    practitioner_id: UUID | None = None
    resource_ids: tuple[UUID, ...] = ()
    overbook_reason: str | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class CancelAppointment:
    """Gives the time back. `by` is who wished it: patient, practitioner, clinic or other; None where it is not said."""

    appointment_id: UUID
    reason: str
    by: str | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class OneAppointment:
    """What needs no more than the appointment: reinstate, check in, and most steps that undo another."""

    appointment_id: UUID
    version: int | None = None
