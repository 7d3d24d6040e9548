"""What scheduling can be told to do. Instants are aware, in UTC; `version` is the caller's If-Match."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.scheduling.domain.working_hours import WeeklyHours


@dataclass(frozen=True, kw_only=True)
class OpenNetwork:
    """Makes a network known here."""

    network_id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class AddSite:
    """A new place; `zone` is an IANA name."""

    name: str
    zone: str
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeSite:
    """Only the fields in `changes` change."""

    site_id: UUID
    changes: Mapping[str, Any]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class AddPractitioner:
    """A new person who sees patients."""

    given: str
    family: str
    prefix: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChangePractitioner:
    """Only the fields in `changes` change."""

    practitioner_id: UUID
    changes: Mapping[str, Any]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class AddAppointmentType:
    """What appointments are given for; `minutes` long."""

    name: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class ChangeAppointmentType:
    """Only the fields in `changes` change. A new length holds for what is booked from then on."""

    appointment_type_id: UUID
    changes: Mapping[str, Any]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class SetWorkingHours:
    """Replaces a practitioner's week at a site."""

    practitioner_id: UUID
    site_id: UUID
    lanes: int
    weekly: tuple[WeeklyHours, ...]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class PrepareBooking:
    """What a booking will name, but for its patient, whom nobody has registered yet."""

    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    start_at: datetime


@dataclass(frozen=True, kw_only=True)
class BookAppointment:
    """Takes a time for a patient whom the gateway has found in records."""

    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    patient_id: UUID
    start_at: datetime


@dataclass(frozen=True, kw_only=True)
class MoveAppointment:
    """To another start, and to another practitioner where one is named."""

    appointment_id: UUID
    start_at: datetime
    practitioner_id: UUID | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class CancelAppointment:
    """Gives the time back."""

    appointment_id: UUID
    reason: str
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class OneAppointment:
    """What needs no more than the appointment: reinstate, check in, undo the check-in."""

    appointment_id: UUID
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class FindFreeTimes:
    """What can be offered from a local day on, at most `limit` times within `days` days; those after `after`."""

    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    from_on: date | None
    days: int
    limit: int
    after: datetime | None = None
