"""Booking: exactly one gets the time."""

from collections.abc import Callable, Sequence

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import BookAppointment
from services.scheduling.domain.search import extent_of
from services.scheduling.domain.taking import Wish
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.booking_rules import lanes_beyond, today
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.taking_time import clear_away, offering_others
from shared.clock import Clock
from shared.ids import new_id


def take_practitioners(commands: Sequence[BookAppointment], uow: Unit) -> None:
    """Before many times are booked: the locks of all whose time it is, and of all that may be needed, in order."""
    uow.schedules.lock_what_is_needed(
        [(command.site_id, command.appointment_type_id) for command in commands],
        [one for command in commands for one in (command.practitioner_id, *command.resource_ids)],
    )


def book_appointment(command: BookAppointment, uow: Unit, clock: Clock) -> Appointment:
    """Books the time, from a hold or at once.

    Raises NotFound (site, type, practitioner, hold), PatientUnseen, AppointmentTypeInactive, PractitionerDoesNotFit,
    HoldOver, HoldDoesNotFit, ResourceDoesNotFit, Forbidden (overbooking without the scope), and with `next_free_times`
    StartInThePast, NoticeTooShort, BeyondHorizon, OutsideWorkingHours, AppointmentOverlaps, ResourceTaken.
    """
    with uow:
        return uow.commit(begin_appointment("book_appointment", command, uow, clock, Appointment.book))


def begin_appointment(
    action: str,
    command: BookAppointment,
    uow: Unit,
    clock: Clock,
    begin: Callable[[Appointment], None],
    *,
    free_of_rules: bool = False,
) -> Appointment:
    """What booking, proposing and a walk-in share: takes the time for an appointment whose first step is `begin`.

    Raises what `book_appointment` raises. Lock order: the hold's row, then all resources.
    """
    hold = uow.holds.get(command.hold_id) if command.hold_id else None
    named = (command.practitioner_id, *command.resource_ids, *(hold.resource_ids if hold else ()))
    uow.schedules.lock_what_is_needed([(command.site_id, command.appointment_type_id)], named)
    schedule = uow.schedules.schedule_to_book(
        command.site_id, command.practitioner_id, command.appointment_type_id, command.start_at, command.patient_id
    )
    day = today(uow, clock, free_of_rules=free_of_rules)
    if hold:
        names = (command.site_id, command.practitioner_id, command.appointment_type_id)
        hold = hold.used(names, command.start_at, day.now)
        schedule = schedule.without(hold.hold_id)
    wish = Wish(
        start_at=command.start_at,
        extent=extent_of(schedule.kind),
        resource_ids=command.resource_ids,
        rather=tuple(hold.resource_ids) if hold else (),
        beyond=lanes_beyond(command.overbook_reason, schedule.kind.overbook_limit, uow),
    )
    with offering_others(uow, schedule, wish, day.now):
        appointment = schedule.book(new_id(), command.patient_id, wish, day, begin, command.overbook_reason)
        clear_away(uow, schedule, appointment)
        if hold:
            uow.holds.end(hold)
        uow.appointments.add(appointment)
    audit(action, appointment, uow)
    return appointment
