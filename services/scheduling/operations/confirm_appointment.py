"""The patient will come; and: no, that was not said."""

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import ConfirmAppointment, OneAppointment
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.ports import Unit
from shared.clock import Clock


def confirm_appointment(command: ConfirmAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Said again, the later word counts. Raises NotFound, Stale, AppointmentNotBooked."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        appointment.confirm(command.by, clock.now())
        uow.appointments.change(appointment)
        audit("confirm_appointment", appointment, uow)
        return uow.commit(appointment)


def unconfirm_appointment(command: OneAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Raises NotFound, Stale, AppointmentNotConfirmed."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        appointment.unconfirm()
        uow.appointments.change(appointment)
        audit("unconfirm_appointment", appointment, uow)
        return uow.commit(appointment)
