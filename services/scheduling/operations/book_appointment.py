"""Booking: exactly one gets the time."""

from collections.abc import Sequence

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import BookAppointment
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.set_working_hours import resource_lock
from services.scheduling.operations.taking_time import offering_others, today
from shared.clock import Clock
from shared.ids import new_id


def take_practitioners(commands: Sequence[BookAppointment], uow: Unit) -> None:
    """Before many times are booked: the locks of all whose time it is, in order."""
    uow.lock(*(resource_lock(command.practitioner_id) for command in commands))


def book_appointment(command: BookAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Books the time.

    Raises NotFound (site, type, practitioner), AppointmentTypeInactive, StartInThePast, OutsideWorkingHours, and
    AppointmentOverlaps with `next_free_times`.
    """
    with uow:
        uow.lock(resource_lock(command.practitioner_id))
        schedule, kind = uow.schedules.schedule_to_book(
            command.site_id, command.practitioner_id, command.appointment_type_id, command.start_at
        )
        day = today(uow, clock)
        with offering_others(uow, schedule, TimeRange.lasting(command.start_at, kind.length), day.now):
            appointment = schedule.book(new_id(), kind, command.patient_id, command.start_at, day)
            uow.appointments.add(appointment)
        audit("book_appointment", appointment, uow)
        return uow.commit(appointment)
