"""What booking, holding, moving and reinstating share: the schedule under its locks, and a refusal that helps."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.errors import (
    AppointmentOverlaps,
    BeyondHorizon,
    NoticeTooShort,
    OutsideWorkingHours,
    ResourceTaken,
    StartInThePast,
)
from services.scheduling.domain.holds import Hold
from services.scheduling.domain.schedule import Schedule
from services.scheduling.domain.taking import Wish
from services.scheduling.domain.waitlist import WaitlistOffer
from services.scheduling.operations.next_free_times import next_free_times
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.put_on_list import call_back

# Refusals of a time that another time may not meet.
OF_THE_TIME = (
    AppointmentOverlaps,
    ResourceTaken,
    OutsideWorkingHours,
    NoticeTooShort,
    BeyondHorizon,
    StartInThePast,
)


@contextmanager
def offering_others(uow: Unit, schedule: Schedule, wish: Wish, now: datetime) -> Iterator[None]:
    """Lets a refusal of a time name the next free times. The locks are held."""
    try:
        yield
    except OF_THE_TIME as no:
        not_before = now if isinstance(no, BeyondHorizon) else max(wish.start_at, now)
        found = next_free_times(uow, schedule, wish, not_before, now)
        raise type(no)({**no.details, "next_free_times": found}) from None


@contextmanager
def back_in_time(uow: Unit, appointment: Appointment, now: datetime) -> Iterator[Schedule]:
    """The schedule in which an appointment that had given its time back takes it again, and the row that says so.

    Raises AppointmentOverlaps, ResourceTaken with `next_free_times`.
    """
    place = appointment.site_id, appointment.appointment_type_id
    uow.schedules.lock_what_is_needed([place], [appointment.practitioner_id, *appointment.resource_ids])
    wish = Wish(start_at=appointment.start_at, extent=appointment.extent)
    schedule = schedule_of(uow, appointment, wish)
    with offering_others(uow, schedule, wish, now):
        yield schedule
        clear_away(uow, schedule, appointment)
        uow.appointments.come_back(appointment)
    call_back(appointment, uow, now)


def schedule_of(
    uow: Unit,
    appointment: Appointment,
    wish: Wish,
    practitioner_id: UUID | None = None,
    site_id: UUID | None = None,
) -> Schedule:
    """The schedule of the appointment's practitioner and site (or of others) around a time that is wished for it."""
    return uow.schedules.schedule_to_move(
        site_id or appointment.site_id,
        practitioner_id or appointment.practitioner_id,
        appointment.appointment_type_id,
        appointment.patient_id,
        wish,
    )


def clear_away(uow: Unit, schedule: Schedule, taker: Appointment | Hold | WaitlistOffer) -> None:
    """Deletes what expired holds still take of what is about to be taken."""
    if schedule.over:
        uow.holds.clear_away(schedule.over, [taker.practitioner_id, *taker.resource_ids], taker.occupied)
