"""What time does to the waitlist: offers that nobody answers and wishes that run out. The job's work."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from services.scheduling.domain.waitlist import WaitlistOffer
from services.scheduling.operations.close_waitlist_offer import (
    audited,
    expire_entry,
    give_up,
    locked_group,
    lose_group,
)
from services.scheduling.operations.make_waitlist_offers import can_be_had
from services.scheduling.operations.offer_freed_times import Units
from services.scheduling.operations.ports import Unit
from shared.clock import Clock

_AT_ONCE = 200


def networks_to_close_in(uow: Unit, clock: Clock) -> list[UUID]:
    """Of all networks those in which anything is due; only the worker may ask."""
    return uow.waitlist.networks_to_close_in(clock.now(), clock.now().date())


def close_waitlist(network_id: UUID, units: Units, clock: Clock, stopping: Callable[[], bool]) -> int:
    """Closes what is due, each in a transaction of its own; gives how much that was."""
    closed = 0
    for act in _due(network_id, units, clock):
        if stopping():
            break
        with units.for_network(network_id) as uow:
            act(uow)
            uow.commit()
        closed += 1
    return closed


def _due(network_id: UUID, units: Units, clock: Clock) -> list[Callable[[Unit], None]]:
    now = clock.now()
    with units.for_network(network_id) as uow:
        uow.waitlist.look_again(now.date())
        overdue = uow.waitlist_offers.overdue(now, _AT_ONCE)
        overtaken = [each for each in uow.waitlist_offers.touched() if not can_be_had(each, uow, now)]
        gone = uow.waitlist.to_close(now, _AT_ONCE)
        uow.commit()
    return [
        *(partial(_expire_offer, each, clock) for each in overdue),
        *(partial(_lose_group, each, clock) for each in overtaken),
        *(partial(expire_entry, each, clock=clock) for each in gone),
    ]


def _expire_offer(offer_id: UUID, clock: Clock, uow: Unit) -> None:
    """Nobody has answered it; somebody may have in this very moment."""
    group = locked_group(uow.waitlist_offers.read(offer_id), uow)
    if group.offer.is_open and group.offer.expires_at <= clock.now():
        audited("expire_waitlist_offer", give_up(group, "expired", uow, clock), uow)


def _lose_group(offer: WaitlistOffer, clock: Clock, uow: Unit) -> None:
    """Somebody else has what it was to take: an answer of any of those who were asked would come too late."""
    lose_group(locked_group(offer, uow), uow, clock)
