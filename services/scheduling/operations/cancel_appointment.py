"""Cancelling, and undoing a wrong cancellation."""

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import CancelAppointment, OneAppointment
from services.scheduling.domain.reschedules import Reschedule
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.leave_list import leave_list
from services.scheduling.operations.locks import resource_lock
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.taking_time import back_in_time
from shared.clock import Clock


def cancel_appointment(command: CancelAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Gives the time back. Raises NotFound, Stale, AppointmentNotBooked, VisitAlreadyFinished."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        cancelled(appointment, command.reason, command.by, uow, clock)
        audit("cancel_appointment", appointment, uow)
        return uow.commit(appointment)


def cancelled(appointment: Appointment, reason: str, by: str | None, uow: Unit, clock: Clock) -> Reschedule | None:
    """Cancels the appointment, whose row is locked; its place on a reschedule list, which it then leaves, or None."""
    uow.lock(*map(resource_lock, appointment.takes))
    appointment.cancel(reason, clock.now(), by)
    uow.appointments.leave(appointment)
    return leave_list(appointment, uow)


def reinstate_appointment(command: OneAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Takes the time again. Raises NotFound, Stale, AppointmentNotCancelled, AppointmentOverlaps."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        with back_in_time(uow, appointment, clock.now()) as schedule:
            schedule.reinstate(appointment)
        audit("reinstate_appointment", appointment, uow)
        return uow.commit(appointment)
