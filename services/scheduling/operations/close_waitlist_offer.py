"""How offers and entries come to an end, and what follows: held time is free, others are asked.

Lock order everywhere: an appointment's row, resources, entries by their ids, offers by theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.scheduling.domain.resource_lock import resource_lock
from services.scheduling.domain.waitlist import EntryState, OfferState, WaitlistEntry, WaitlistOffer
from services.scheduling.operations.ports import Unit
from shared.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Group:
    """Offers that were made together, each locked with its entry. `offer` is the one that it is about."""

    offer: WaitlistOffer
    offers: Sequence[WaitlistOffer]
    entries: dict[UUID, WaitlistEntry]

    @property
    def open_others(self) -> list[WaitlistOffer]:
        return [each for each in self.offers if each.is_open and each.offer_id != self.offer.offer_id]


def locked_group(offer: WaitlistOffer, uow: Unit) -> Group:
    """The offer as it is now that nobody else may change it, and those beside it."""
    uow.lock(*map(resource_lock, offer.takes))
    known = uow.waitlist_offers.group(offer.group_id)
    entries = uow.waitlist.lock([each.entry_id for each in known])
    offers = uow.waitlist_offers.group(offer.group_id, lock=True)
    mine = next(each for each in offers if each.offer_id == offer.offer_id)
    return Group(offer=mine, offers=offers, entries={each.entry_id: each for each in entries})


def lock_what_is_offered(entry_id: UUID, uow: Unit) -> None:
    """Before an entry is locked that may end: the locks of what its offer holds, which is given back then."""
    uow.lock(*(resource_lock(one) for each in uow.waitlist_offers.open_of(entry_id) for one in each.takes))


def give_up(group: Group, state: OfferState, uow: Unit, clock: Clock) -> WaitlistOffer:
    """Closes the offer without a winner. Whoever was asked goes on waiting; the time goes to the next in line."""
    _close(group.offer, group.entries[group.offer.entry_id], state, uow, clock)
    return group.offer


def lose_others(group: Group, uow: Unit, clock: Clock) -> None:
    """Somebody has won: those who were asked beside him are told, and go on waiting."""
    for other in group.open_others:
        _close(other, group.entries[other.entry_id], "lost", uow, clock)


def lose_group(group: Group, uow: Unit, clock: Clock) -> None:
    """None of them can have it any more: each is told, and goes on waiting."""
    for each in group.offers:
        if each.is_open:
            _close(each, group.entries[each.entry_id], "lost", uow, clock)
            audited("lose_waitlist_offer", each, uow)


def expire_entry(entry_id: UUID, uow: Unit, clock: Clock) -> None:
    """Its wish has run out, or its visit has begun or ended otherwise."""
    lock_what_is_offered(entry_id, uow)
    for entry in uow.waitlist.lock([entry_id]):
        if entry.state == "waiting":
            end_entry(entry, "expired", uow, clock)
            uow.audit("expire_waitlist_entry", "waitlist_entry", entry_id, patient_id=entry.patient_id)


def end_entry(entry: WaitlistEntry, state: EntryState, uow: Unit, clock: Clock) -> WaitlistEntry:
    """The locked entry waits no more; what it had to answer is lost. Raises NotWaiting."""
    left = entry.left(state)
    uow.waitlist.change(left)
    close_offers_of(left, uow, clock)
    return left


def close_offers_of(entry: WaitlistEntry, uow: Unit, clock: Clock) -> None:
    """What a locked entry that waits no more still has to answer is lost."""
    for offer in uow.waitlist_offers.open_of(entry.entry_id):
        group = uow.waitlist_offers.group(offer.group_id, lock=True)
        _close(next(each for each in group if each.offer_id == offer.offer_id), entry, "lost", uow, clock)


def audited(action: str, offer: WaitlistOffer, uow: Unit) -> WaitlistOffer:
    """Says who did `action` to the offer, where, and to whose."""
    uow.audit(action, "waitlist_offer", offer.offer_id, site_id=offer.site_id, patient_id=offer.patient_id)
    return offer


def _close(offer: WaitlistOffer, entry: WaitlistEntry, state: OfferState, uow: Unit, clock: Clock) -> None:
    if not offer.is_open:
        return
    offer.close(state, clock.now())
    uow.waitlist_offers.change(offer)
    if offer.hold_id is not None:
        uow.held_times.give_back(offer)
    else:
        for one in offer.takes:
            uow.waitlist_offers.look_at_time(one, offer.site_id, offer.occupied)
    if entry.open_offer_id == offer.offer_id:
        uow.waitlist.change(entry.answered())
        uow.waitlist.look_at(entry.entry_id)
