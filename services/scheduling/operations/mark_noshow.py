"""The patient did not come; and: she did."""

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import OneAppointment
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.leave_list import leave_list
from services.scheduling.operations.locks import resource_lock
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.taking_time import back_in_time
from shared.clock import Clock


def mark_noshow(command: OneAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Gives back what is left of the time. Raises NotFound, Stale, AppointmentNotBooked, AppointmentNotBegun."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        uow.lock(*map(resource_lock, appointment.takes))
        appointment.mark_noshow(clock.now())
        uow.appointments.leave(appointment)
        leave_list(appointment, uow)
        audit("mark_noshow", appointment, uow)
        return uow.commit(appointment)


def undo_noshow(command: OneAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Takes the time again. Raises NotFound, Stale, AppointmentNotNoshow, AppointmentOverlaps."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        with back_in_time(uow, appointment, clock.now()) as schedule:
            schedule.undo_noshow(appointment)
        audit("undo_noshow", appointment, uow)
        return uow.commit(appointment)
