"""Cancelling, and undoing a wrong cancellation."""

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import CancelAppointment, OneAppointment
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.set_working_hours import resource_lock
from services.scheduling.operations.taking_time import offering_others
from shared.clock import Clock


def cancel_appointment(command: CancelAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Gives the time back. Raises NotFound, Stale, AppointmentNotBooked, VisitAlreadyFinished."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        appointment.cancel(command.reason, clock.now())
        uow.appointments.leave(appointment)
        audit("cancel_appointment", appointment, uow)
        return uow.commit(appointment)


def reinstate_appointment(command: OneAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Takes the time again. Raises NotFound, Stale, AppointmentNotCancelled, AppointmentOverlaps."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        uow.lock(resource_lock(appointment.practitioner_id))
        schedule = uow.schedules.schedule(appointment.site_id, appointment.practitioner_id, appointment.during)
        with offering_others(uow, schedule, appointment.during, clock.now()):
            schedule.reinstate(appointment)
            uow.appointments.come_back(appointment)
        audit("reinstate_appointment", appointment, uow)
        return uow.commit(appointment)
