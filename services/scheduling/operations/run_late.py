"""A practitioner runs late: one step tells all who wait or are on the way."""

from datetime import datetime
from typing import Any

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.clinic_day import is_kept_waiting
from services.scheduling.domain.commands import RunLate
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.zones import day_range, local_day
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.ports import Unit
from shared.clock import Clock


def run_late(command: RunLate, uow: Unit, clock: Clock) -> dict[str, Any]:
    """Each appointment that is kept waiting bears the delay, and its fact tells it. Said again, what differs changes.

    0 minutes take the delay back. Raises NotFound (site, practitioner).
    """
    with uow:
        site = uow.places.site(command.site_id)
        uow.places.practitioner(command.practitioner_id)
        now = clock.now()
        on = command.on or local_day(now, site.zone_info)
        minutes = command.minutes or None
        during = day_range(on, site.zone_info)
        ids = uow.days.appointments_of(command.site_id, command.practitioner_id, during)
        told = [it for it in uow.appointments.lock(ids) if _is_news(it, command, during, minutes, now)]
        for appointment in told:
            appointment.delay(minutes)
            uow.appointments.change(appointment)
            audit("run_late", appointment, uow)
        uow.audit("run_late", "practitioner", command.practitioner_id, site_id=command.site_id)
        return uow.commit({**vars(command), "on": on, "appointments": told})


def _is_news(appointment: Appointment, command: RunLate, during: TimeRange, minutes: int | None, now: datetime) -> bool:
    """Under its lock: it may have been moved away or checked in meanwhile."""
    place = (appointment.site_id, appointment.practitioner_id)
    starts = TimeRange(appointment.start_at, appointment.start_at)
    is_theirs = place == (command.site_id, command.practitioner_id) and during.holds(starts)
    return is_theirs and appointment.delay_minutes != minutes and is_kept_waiting(appointment, now)
