"""Offers are made: what is offered one by one is held, all of it, by the rules by which it will be booked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.scheduling.domain.errors import AppointmentTypeInactive, PractitionerDoesNotFit
from services.scheduling.domain.schedule import Schedule, Today
from services.scheduling.domain.taking import Seat, Wish
from services.scheduling.domain.waitlist import Desk, Match, Waiting, WaitlistEntry, WaitlistOffer
from services.scheduling.operations.close_waitlist_offer import audited
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.taking_time import OF_THE_TIME, clear_away
from shared.ids import new_id

_MINUTE = timedelta(minutes=1)


def lock_asked(matches: Sequence[Match], uow: Unit) -> dict[UUID, WaitlistEntry]:
    """Those of who is to be asked who still wait, by their ids. Whoever makes offers locks all of them by one call:
    those of one site and then those of another would stand in no order."""
    wanted = [one.entry.entry_id for match in matches for one in match.asked]
    return {each.entry_id: each for each in uow.waitlist.lock_in_line(wanted)}


@dataclass(frozen=True)
class Made:
    """Who was offered something. `all_were_there`: nobody who was to be asked had gone, or was another than before."""

    asked: frozenset[UUID]
    all_were_there: bool


def make_offers(
    matches: Sequence[Match], desk: Desk, waiting: Mapping[UUID, WaitlistEntry], uow: Unit, now: datetime
) -> Made:
    """Makes the offers to those who are `waiting`, each once. Where somebody is not among them, or not as he was, the
    time is looked at again.

    The caller holds the locks of all that they take, and those of `lock_asked`.
    """
    made, all_were_there = set[UUID](), True
    for match in matches:
        asked = [one for one in match.asked if waiting.get(one.entry.entry_id) == one.entry]
        if len(asked) < len(match.asked):
            all_were_there, whose = False, desk.practitioner_id
            uow.waitlist_offers.look_at_time(whose, desk.site_id, match.claim.during, practitioner_id=whose)
        if asked and _make(match, asked, desk, uow, now):
            made |= {one.entry.entry_id for one in asked}
    return Made(frozenset(made), all_were_there)


def can_be_had(offer: WaitlistOffer, uow: Unit, now: datetime) -> bool:
    """Whether an accept, which gives up what is held and the later visit, would find all that the offer takes."""
    wish = Wish(start_at=offer.start_at, extent=offer.extent)
    schedule = _schedule(offer, wish, uow).without(offer.hold_id).without(offer.appointment_id)
    return _seat(schedule, wish, now) is not None


def _make(match: Match, asked: Sequence[Waiting], desk: Desk, uow: Unit, now: datetime) -> bool:
    wish = Wish(start_at=match.time.start_at, extent=match.extent, rather=match.time.resource_ids)
    first = _offer(match, asked[0], desk, now)
    schedule = _schedule(first, wish, uow)
    seat = _seat(schedule, wish, now)
    if seat is None:
        return False
    first.resource_ids = [taken.resource_id for taken in seat.beside]
    if first.hold_id is not None and not _held(first, seat, schedule, uow):
        return False
    _add(first, asked[0], uow)
    for one in asked[1:]:
        another = _offer(match, one, desk, now)
        _add(replace(another, group_id=first.group_id, resource_ids=first.resource_ids), one, uow)
    return True


def _offer(match: Match, one: Waiting, desk: Desk, now: datetime) -> WaitlistOffer:
    entry = one.entry
    return WaitlistOffer(
        offer_id=new_id(),
        group_id=new_id(),
        entry_id=entry.entry_id,
        patient_id=entry.patient_id,
        site_id=desk.site_id,
        practitioner_id=desk.practitioner_id,
        appointment_type_id=entry.appointment_type_id,
        appointment_id=entry.appointment_id,
        earlier_than=entry.earlier_than,
        start_at=match.time.start_at,
        end_at=match.time.end_at,
        zone=desk.zone.key,
        hold_id=new_id() if one.policy.holds else None,
        offered_at=now,
        expires_at=one.policy.expires_at(now, match.time.start_at),
        set_up_minutes=match.extent.before // _MINUTE,
        clean_up_minutes=match.extent.after // _MINUTE,
    )


def _schedule(offer: WaitlistOffer, wish: Wish, uow: Unit) -> Schedule:
    return uow.schedules.schedule_to_move(offer.site_id, offer.practitioner_id, offer.appointment_type_id, None, wish)


def _seat(schedule: Schedule, wish: Wish, now: datetime) -> Seat | None:
    """What it would be given; notice and horizon were asked by whoever matched it."""
    try:
        return schedule.seat_for(wish, Today(now=now, may_break_rules=True))
    except (*OF_THE_TIME, AppointmentTypeInactive, PractitionerDoesNotFit):
        return None


def _held(offer: WaitlistOffer, seat: Seat, schedule: Schedule, uow: Unit) -> bool:
    """Whether the database gives all of it."""
    try:
        with uow.savepoint():
            clear_away(uow, schedule, offer)
            uow.held_times.take(offer, seat)
    except OF_THE_TIME:
        return False
    return True


def _add(offer: WaitlistOffer, one: Waiting, uow: Unit) -> None:
    offer.offer()
    uow.waitlist.change(one.entry.asked(offer.offer_id))
    uow.waitlist_offers.add(offer)
    audited("offer_freed_time", offer, uow)
