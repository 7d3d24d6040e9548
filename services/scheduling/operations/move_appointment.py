"""Moving: one atomic step. The old time is given up only when the new one is taken."""

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import MoveAppointment
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.set_working_hours import resource_lock
from services.scheduling.operations.taking_time import offering_others, today
from shared.clock import Clock


def move_appointment(command: MoveAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Moves it within its site, as long as before.

    Raises NotFound, Stale, AppointmentNotBooked, VisitAlreadyFinished, StartInThePast, OutsideWorkingHours,
    AppointmentOverlaps with `next_free_times`. Lock order: the appointment's row, then both resources.
    """
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        practitioner_id = command.practitioner_id or appointment.practitioner_id
        uow.lock(resource_lock(appointment.practitioner_id), resource_lock(practitioner_id))
        wanted = TimeRange.lasting(command.start_at, appointment.during.length)
        schedule = uow.schedules.schedule(appointment.site_id, practitioner_id, wanted)
        day = today(uow, clock)
        with offering_others(uow, schedule, wanted, day.now):
            schedule.move(appointment, command.start_at, day)
            uow.appointments.move(appointment)
        audit("move_appointment", appointment, uow)
        return uow.commit(appointment)
