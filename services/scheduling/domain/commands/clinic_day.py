"""What a desk does with those who come today. `version` is the caller's If-Match."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class StartAppointment:
    """The patient goes in, to that room where one is named."""

    appointment_id: UUID
    room_id: UUID | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class BookWalkIn:
    """Who is here without an appointment: from `start_at` on, which is today; None: from this minute on."""

    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    patient_id: UUID
    start_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PrepareWalkIn:
    """What a walk-in will name, but for its patient, whom nobody has registered yet."""

    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    start_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RunLate:
    """A practitioner is late by so many minutes, on that local day of the site (None: today); 0: on time again."""

    site_id: UUID
    practitioner_id: UUID
    minutes: int
    on: date | None = None
