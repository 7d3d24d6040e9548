"""What scheduling's unit tests are made of: one site, one practitioner, a Monday."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.lanes import Booking
from services.scheduling.domain.places import AppointmentType, Site
from services.scheduling.domain.schedule import Schedule, Today
from services.scheduling.domain.search import extent_of
from services.scheduling.domain.taking import Wish
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.working_hours import WeeklyHours, WorkingHours

ZONE = ZoneInfo("America/New_York")
SITE, OTHER_SITE, PRACTITIONER, PATIENT = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
VISIT = AppointmentType(appointment_type_id=UUID(int=5), name="Follow-up", minutes=30)


def at(text: str) -> datetime:
    """An instant by the site's wall clock: `2026-11-23 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


NOW = at("2026-11-23 08:00")
TODAY = Today(now=NOW)


def schedule(
    *taken: Booking, lanes: int = 1, weekdays: tuple[int, ...] = (1, 2, 3, 4, 5), kind: AppointmentType = VISIT
) -> Schedule:
    """Nine to five on weekdays."""
    week = tuple(WeeklyHours(weekday=day, starts=9 * 60, ends=17 * 60) for day in weekdays)
    hours = WorkingHours(practitioner_id=PRACTITIONER, site_id=SITE, lanes=lanes, weekly=week)
    return Schedule(site=Site(site_id=SITE, name="Elm", zone=ZONE.key), hours=hours, kind=kind, taken=taken)


def wish(start: str | datetime, kind: AppointmentType = VISIT) -> Wish:
    """The time that an appointment of that type would take then."""
    return Wish(start_at=at(start) if isinstance(start, str) else start, extent=extent_of(kind))


def taken(start: str, minutes: int = 30, *, lane: int = 1, site: UUID = SITE, appointment: int = 99) -> Booking:
    """Time that somebody has."""
    during = TimeRange.lasting(at(start), timedelta(minutes=minutes))
    return Booking(taken_by=UUID(int=appointment), site_id=site, lane=lane, during=during)


def booked(start: str = "2026-11-23 09:00", number: int = 7) -> Appointment:
    """A booked appointment of half an hour, whose event is already told."""
    appointment = schedule().book(UUID(int=number), PATIENT, wish(start), TODAY)
    appointment.events.clear()
    return appointment
