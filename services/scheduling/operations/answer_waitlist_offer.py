"""The answer to an offer. To accept is one atomic step: the time is taken and the later visit's is free, or nothing."""

from dataclasses import replace
from datetime import timedelta

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import OneWaitlistOffer
from services.scheduling.domain.schedule import Today
from services.scheduling.domain.taking import Wish
from services.scheduling.domain.waitlist import WaitlistOffer
from services.scheduling.operations.auditing import audit
from services.scheduling.operations.booking_rules import today
from services.scheduling.operations.close_waitlist_offer import audited, give_up, locked_group, lose_others
from services.scheduling.operations.leave_list import leave_list
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.taking_time import clear_away, offering_others, schedule_of
from shared.clock import Clock
from shared.errors import NotFound
from shared.ids import new_id

# The reason of a visit that is cancelled since its patient takes an earlier time at another site.
MOVED = "moved-by-waitlist"
_MINUTE = timedelta(minutes=1)


def accept_waitlist_offer(command: OneWaitlistOffer, uow: Unit, clock: Clock) -> WaitlistOffer:
    """The time is the patient's. His later visit is moved to it; its own time is then offered in its turn.

    Raises NotFound, Stale, OfferClosed, OfferExpired, AppointmentNotBooked (the later visit), and, for a time that was
    held for nobody, AppointmentOverlaps or ResourceTaken with `next_free_times`.
    """
    with uow:
        return uow.commit(accepted(command, uow, clock))


def accepted(command: OneWaitlistOffer, uow: Unit, clock: Clock) -> WaitlistOffer:
    """The same within a unit of work."""
    known = uow.waitlist_offers.read(command.offer_id)
    visit = _later_visit(known, uow)
    whose = [*known.takes, *(visit.takes if visit else ())]
    uow.schedules.lock_what_is_needed([(known.site_id, known.appointment_type_id)], whose)
    group = locked_group(known, uow)
    offer, entry = group.offer, group.entries[group.offer.entry_id]
    offer.require_answerable(command.version, clock.now())
    entry.require_waiting()
    if offer.is_held:
        uow.held_times.give_back(offer)
    booked = _taken(offer, visit, uow, clock)
    offer.accept(booked.appointment_id, clock.now())
    uow.waitlist_offers.change(offer)
    uow.waitlist.change(entry.left("booked"))
    lose_others(group, uow, clock)
    audit("accept_waitlist_offer", booked, uow)
    return offer


def decline_waitlist_offer(command: OneWaitlistOffer, uow: Unit, clock: Clock) -> WaitlistOffer:
    """Not for this visit: the time is never offered to this patient again, and the next in line is asked.

    Raises NotFound, Stale, OfferClosed, OfferExpired.
    """
    with uow:
        return uow.commit(declined(command, uow, clock))


def declined(command: OneWaitlistOffer, uow: Unit, clock: Clock) -> WaitlistOffer:
    """The same within a unit of work."""
    group = locked_group(uow.waitlist_offers.read(command.offer_id), uow)
    group.offer.require_answerable(command.version, clock.now())
    return audited("decline_waitlist_offer", give_up(group, "declined", uow, clock), uow)


def _later_visit(offer: WaitlistOffer, uow: Unit) -> Appointment | None:
    """The locked visit that is to be moved, at whatever site: the offer is the asker's, and with it this one step."""
    if offer.appointment_id is None:
        return None
    found = uow.appointments.lock([offer.appointment_id])
    if not found:
        raise NotFound
    return found[0]


def _taken(offer: WaitlistOffer, visit: Appointment | None, uow: Unit, clock: Clock) -> Appointment:
    day = replace(today(uow, clock, free_of_rules=True), may_backdate=True)  # it was offered, so it may be taken
    if visit is not None and visit.site_id == offer.site_id:
        return _moved(offer, visit, uow, day)
    if visit is not None:
        visit.cancel(MOVED, day.now)
        uow.appointments.leave(visit)
        leave_list(visit, uow)
    return _booked(offer, uow, day)


def _moved(offer: WaitlistOffer, visit: Appointment, uow: Unit, day: Today) -> Appointment:
    wish = Wish(start_at=offer.start_at, extent=visit.extent, rather=tuple(offer.resource_ids))
    schedule = schedule_of(uow, visit, wish, offer.practitioner_id).without(offer.hold_id)
    with offering_others(uow, schedule, wish, day.now):
        schedule.move(visit, wish, day)
        clear_away(uow, schedule, visit)
        uow.appointments.move(visit)
    leave_list(visit, uow)
    return visit


def _booked(offer: WaitlistOffer, uow: Unit, day: Today) -> Appointment:
    """As long as it was offered, with what was kept for it, whatever has become of the type since."""
    wish = Wish(start_at=offer.start_at, extent=offer.extent, rather=tuple(offer.resource_ids))
    schedule = uow.schedules.schedule_to_move(
        offer.site_id, offer.practitioner_id, offer.appointment_type_id, offer.patient_id, wish
    ).without(offer.hold_id)
    kind = replace(
        schedule.kind,
        minutes=offer.during.length // _MINUTE,
        set_up_minutes=offer.set_up_minutes,
        clean_up_minutes=offer.clean_up_minutes,
    )
    as_offered = replace(schedule, kind=kind)
    with offering_others(uow, as_offered, wish, day.now):
        booked = as_offered.book(new_id(), offer.patient_id, wish, day)
        clear_away(uow, as_offered, booked)
        uow.appointments.add(booked)
    return booked
