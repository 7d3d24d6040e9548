"""The patient is done at the desk; and: no, she is still here."""

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import OneAppointment
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.ports import Unit
from shared.clock import Clock


def finish_appointment(command: OneAppointment, uow: Unit, clock: Clock) -> Appointment:
    """It stays arrived until its encounter is finished. Raises NotFound, Stale, AppointmentNotInRoom."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        appointment.finish(clock.now())
        uow.appointments.change(appointment)
        audit("finish_appointment", appointment, uow)
        return uow.commit(appointment)


def undo_finish(command: OneAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Raises NotFound, Stale, AppointmentNotDone."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        appointment.undo_finish()
        uow.appointments.change(appointment)
        audit("undo_finish", appointment, uow)
        return uow.commit(appointment)
