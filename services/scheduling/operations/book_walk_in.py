"""Who comes without an appointment: booked and checked in by one command. A wrong one is entered in error."""

from datetime import datetime

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import BookAppointment, BookWalkIn, PrepareWalkIn
from services.scheduling.operations.book_appointment import begin_appointment
from services.scheduling.operations.ports import Unit
from shared.clock import Clock
from shared.ids import new_id


def book_walk_in(command: BookWalkIn, uow: Unit, clock: Clock) -> Appointment:
    """Raises what `book_appointment` raises, and NotYet for a start after today."""
    with uow:
        start_at = command.start_at or _this_minute(clock)
        wanted = BookAppointment(**{**vars(command), "start_at": start_at})

        def begin(appointment: Appointment) -> None:
            appointment.walk_in_now(new_id(), clock.now())

        return uow.commit(begin_appointment("book_walk_in", wanted, uow, clock, begin, free_of_rules=True))


def prepare_walk_in(command: PrepareWalkIn, uow: Unit, clock: Clock) -> PrepareWalkIn:
    """Before a newcomer is registered: is what it names there, and its key free? Raises NotFound."""
    with uow:
        start_at = command.start_at or _this_minute(clock)
        uow.schedules.schedule_to_book(command.site_id, command.practitioner_id, command.appointment_type_id, start_at)
        uow.audit("prepare_walk_in", "practitioner", command.practitioner_id, site_id=command.site_id)
        return uow.commit(command)


def _this_minute(clock: Clock) -> datetime:
    return clock.now().replace(second=0, microsecond=0)
