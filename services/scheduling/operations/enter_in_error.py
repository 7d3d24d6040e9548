"""It should never have been: the wrong patient, booked twice, a slip of the hand."""

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import EnterInError
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.leave_list import leave_list
from services.scheduling.operations.locks import resource_lock
from services.scheduling.operations.ports import Unit
from shared.clock import Clock


def enter_in_error(command: EnterInError, uow: Unit, clock: Clock) -> Appointment:
    """Final. Records voids the encounter of its check-in, where there is one.

    Raises NotFound, Stale, VisitAlreadyFinished, EnteredInError.
    """
    with uow:
        appointment = uow.appointments.get(command.appointment_id, command.version)
        uow.lock(*map(resource_lock, appointment.takes))
        appointment.enter_in_error(command.reason)
        uow.appointments.leave(appointment)
        leave_list(appointment, uow)
        audit("enter_in_error", appointment, uow)
        return uow.commit(appointment)
