"""Moving: one atomic step. The old time is given up only if the new one can be had."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import MoveAppointment
from services.scheduling.domain.reschedules import Reschedule
from services.scheduling.domain.taking import Wish
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.booking_rules import lanes_beyond, today
from services.scheduling.operations.leave_list import leave_list
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.taking_time import clear_away, offering_others, schedule_of
from shared.clock import Clock


def move_appointment(command: MoveAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Moves it, as long as before, with all that it takes; what it has already is kept where it can be.

    Raises NotFound (also for a site that is not the asker's), Stale, AppointmentNotBooked, VisitAlreadyFinished, and
    what `book_appointment` raises of a time.
    """
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        to = Target(
            site_id=command.site_id or appointment.site_id,
            practitioner_id=command.practitioner_id or appointment.practitioner_id,
            start_at=command.start_at,
            beside=command.resource_ids,
        )
        moved(appointment, to, uow, clock, reason=command.overbook_reason)
        audit("move_appointment", appointment, uow)
        return uow.commit(appointment)


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a visit is to go. `beside` are rooms and devices that are named."""

    site_id: UUID
    practitioner_id: UUID
    start_at: datetime
    beside: tuple[UUID, ...] = ()


def moved(
    appointment: Appointment, to: Target, uow: Unit, clock: Clock, *, reason: str | None = None
) -> Reschedule | None:
    """Moves the appointment, whose row is locked; its place on a reschedule list, which it then leaves, or None.

    Lock order: the appointment's row, then all resources.
    """
    uow.schedules.lock_what_is_needed(
        [(to.site_id, appointment.appointment_type_id)], [to.practitioner_id, *appointment.takes, *to.beside]
    )
    left = appointment.site_id
    rather = tuple(appointment.resource_ids)
    wish = Wish(start_at=to.start_at, extent=appointment.extent, resource_ids=to.beside, rather=rather)
    schedule = schedule_of(uow, appointment, wish, to.practitioner_id, to.site_id)
    wish = replace(wish, beyond=lanes_beyond(reason, schedule.kind.overbook_limit, uow))
    day = today(uow, clock)
    with offering_others(uow, schedule, wish, day.now):
        schedule.move(appointment, wish, day, reason)
        clear_away(uow, schedule, appointment)
        uow.appointments.move(appointment)
    if left != appointment.site_id:
        audit("leave_site", appointment, uow, site_id=left)
    return leave_list(appointment, uow)
