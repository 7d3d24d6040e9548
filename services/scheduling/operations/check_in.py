"""The patient is here; and: no, that was the wrong one."""

from collections.abc import Sequence

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import OneAppointment
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.leave_list import leave_list
from services.scheduling.operations.locks import resource_lock
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.put_on_list import call_back
from shared.clock import Clock
from shared.ids import new_id


def take_appointments(commands: Sequence[OneAppointment], uow: Unit) -> None:
    """Before many are checked in: all of them, locked in the order of their ids."""
    uow.appointments.take_ahead([command.appointment_id for command in commands])


def check_in(command: OneAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Every check-in has an arrival id of its own. Raises NotFound, Stale, NotYet, AppointmentNotBooked."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        appointment.check_in(new_id(), clock.now())
        uow.appointments.change(appointment)
        leave_list(appointment, uow)
        audit("check_in", appointment, uow)
        return uow.commit(appointment)


def undo_check_in(command: OneAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Raises NotFound, Stale, AppointmentNotArrived, VisitAlreadyFinished."""
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        uow.lock(resource_lock(appointment.practitioner_id))
        appointment.undo_check_in()
        uow.appointments.change(appointment)
        call_back(appointment, uow, clock.now())
        audit("undo_check_in", appointment, uow)
        return uow.commit(appointment)
