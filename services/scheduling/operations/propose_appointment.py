"""A proposal keeps a time for a patient, who accepts or declines it."""

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import BookAppointment, DeclineAppointment, OneAppointment
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.book_appointment import begin_appointment
from services.scheduling.operations.leave_list import leave_list
from services.scheduling.operations.locks import resource_lock
from services.scheduling.operations.ports import Unit
from shared.clock import Clock


def propose_appointment(command: BookAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Takes the time as a booking would. Raises what `book_appointment` raises."""
    with uow:
        return uow.commit(begin_appointment("propose_appointment", command, uow, clock, Appointment.propose))


def accept_appointment(command: OneAppointment, uow: Unit, clock: Clock) -> Appointment:
    """The proposal is booked. Raises NotFound, Stale, AppointmentNotProposed."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        appointment.accept(clock.now())
        uow.appointments.change(appointment)
        audit("accept_appointment", appointment, uow)
        return uow.commit(appointment)


def decline_appointment(command: DeclineAppointment, uow: Unit, clock: Clock) -> Appointment:
    """The proposal is cancelled by the patient. Raises NotFound, Stale, AppointmentNotProposed."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        uow.lock(*map(resource_lock, appointment.takes))
        appointment.decline(command.reason, clock.now())
        uow.appointments.leave(appointment)
        leave_list(appointment, uow)
        audit("decline_appointment", appointment, uow)
        return uow.commit(appointment)
