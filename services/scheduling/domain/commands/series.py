"""What is asked of series. Instants are aware, in UTC; days are the site's; `version` is the caller's If-Match."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.scheduling.domain.series import Reach


@dataclass(frozen=True, kw_only=True)
class DateChoice:
    """What is to become of the date on that day: another time, or (None) no appointment."""

    on: date
    instead_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class CheckSeries:
    """Which dates could be had: the first at `start_at`, all others at the same time by the site's wall clock.

    On the days of the rule, or where there is none on `dates`.
    """

    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    start_at: datetime
    rrule: str | None = None
    dates: tuple[date, ...] = ()
    choices: tuple[DateChoice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BookSeries(CheckSeries):
    """Books them all, or none."""

    patient_id: UUID


@dataclass(frozen=True, kw_only=True)
class AppointmentChoice:
    """What is to become of that appointment: another time, or (None) it stays as it is."""

    appointment_id: UUID
    instead_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ChangeSeries:
    """Moves the appointment to `start_at`, and what else is within `reach` by as many days and to the same time by the
    wall clock; to another practitioner where one is named. All of them, or none.
    """

    series_id: UUID
    appointment_id: UUID
    reach: Reach
    start_at: datetime
    practitioner_id: UUID | None = None
    choices: tuple[AppointmentChoice, ...] = ()
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class CancelSeries:
    """Cancels the appointment, and what else of the series is within `reach`; `by` as in CancelAppointment."""

    series_id: UUID
    appointment_id: UUID
    reach: Reach
    reason: str
    by: str | None = None
    version: int | None = None
