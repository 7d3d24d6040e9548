"""Holding a time while somebody decides; others see it as taken."""

from datetime import timedelta

from services.scheduling.domain.commands import HoldTime, ReleaseHold
from services.scheduling.domain.holds import Hold
from services.scheduling.domain.search import extent_of
from services.scheduling.domain.taking import Wish
from services.scheduling.operations.booking_rules import today
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.taking_time import clear_away, offering_others
from shared.clock import Clock
from shared.ids import new_id


def hold_time(command: HoldTime, uow: Unit, clock: Clock) -> Hold:
    """Takes the time as a booking would, until the hold expires. Raises what `book_appointment` raises."""
    with uow:
        place = command.site_id, command.appointment_type_id
        uow.schedules.lock_what_is_needed([place], [command.practitioner_id, *command.resource_ids])
        schedule = uow.schedules.schedule_to_book(
            command.site_id, command.practitioner_id, command.appointment_type_id, command.start_at
        )
        day = today(uow, clock)
        wish = Wish(start_at=command.start_at, extent=extent_of(schedule.kind), resource_ids=command.resource_ids)
        with offering_others(uow, schedule, wish, day.now):
            seat = schedule.seat_for(wish, day)
            hold = Hold(
                hold_id=new_id(),
                site_id=command.site_id,
                practitioner_id=command.practitioner_id,
                appointment_type_id=command.appointment_type_id,
                resource_ids=tuple(taken.resource_id for taken in seat.beside),
                start_at=wish.visit.start_at,
                end_at=wish.visit.end_at,
                taken_from_at=wish.occupied.start_at,
                taken_until_at=wish.occupied.end_at,
                zone=schedule.site.zone,
                held_at=day.now,
                expires_at=day.now + timedelta(minutes=command.minutes),
            )
            clear_away(uow, schedule, hold)
            uow.holds.add(hold, seat)
        uow.audit("hold_time", "hold", hold.hold_id, site_id=hold.site_id)
        return uow.commit(hold)


def release_hold(command: ReleaseHold, uow: Unit, clock: Clock) -> Hold:
    """Gives the time back. Raises NotFound, HoldOver."""
    with uow:
        hold = uow.holds.get(command.hold_id).released(clock.now())
        uow.holds.lock_what_it_takes(hold)
        uow.holds.end(hold)
        uow.audit("release_hold", "hold", hold.hold_id, site_id=hold.site_id)
        return uow.commit(hold)
