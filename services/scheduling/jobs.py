"""What scheduling does by itself, in the process `work`."""

from collections.abc import Callable, Iterator
from uuid import UUID

from services.scheduling import operations
from services.scheduling.operations import OfferRun, close_waitlist, lapse_offers, networks_to_close_in
from services.scheduling.operations.ports import Unit
from shared.database.units import NO_NETWORK
from shared.jobs import Job, JobContext
from shared.logs import log
from shared.messaging.door import is_away

ROLL_EVERY_S = 60.0
EXPIRE_EVERY_S = 2.0


def roll_free_time(context: JobContext) -> None:
    """Keeps free time known as far ahead as anybody books; a small transaction for each resource and site."""
    for network_id in context.networks():
        unit = context.units.for_network
        for place in operations.places_to_roll(unit(network_id), context.clock):
            if context.stopping.is_set():
                return
            operations.roll_free_time(place, unit(network_id), context.clock)


def expire_holds(context: JobContext) -> None:
    """Gives back what was held and not booked in time."""
    for network_id in _those(context, lambda uow: uow.holds.networks_with_expired(context.clock.now())):
        unit = context.units.for_network
        for hold_id in operations.expired_holds(unit(network_id), context.clock):
            operations.expire_hold(hold_id, unit(network_id), context.clock)


def offer_freed_times(context: JobContext) -> None:
    """Offers what has become free to those who wait."""
    run = OfferRun(context.units, context.clock, _troubled, context.stopping.is_set)
    for network_id in _those(context, lambda uow: uow.waitlist_offers.networks_with_freed_times()):
        if made := run.offer_freed_times(network_id):
            log.info("freed-times-offered", count=made)


def close_offers(context: JobContext) -> None:
    """Ends offers that nobody answers and wishes that have run out."""
    for network_id in _those(context, lambda uow: networks_to_close_in(uow, context.clock)):
        if closed := close_waitlist(network_id, context.units, context.clock, context.stopping.is_set):
            log.info("waitlist-closed", count=closed)


def lapse_proposals(context: JobContext) -> None:
    """Puts visits of reschedule lists on the call list whose proposals nobody answered in time."""
    for network_id in _those(context, lambda uow: uow.reschedules.networks_with_lapsed(context.clock.now())):
        if lapsed := lapse_offers(context.units.for_network(network_id), context.clock):
            log.info("proposals-lapsed", count=lapsed)


def _those(context: JobContext, question: Callable[[Unit], list[UUID]]) -> Iterator[UUID]:
    """The networks in which there is anything to do, by one question: however many are idle, they cost no more."""
    with context.units.for_network(NO_NETWORK) as uow:
        found = question(uow)
    for network_id in found:
        if context.stopping.is_set():
            return
        yield network_id


def _troubled(error: Exception) -> None:
    """One look that failed is tried again with the next run; a database that is away ends this one."""
    log.error("freed-time-failed", exc_info=error)
    if is_away(error):
        raise error


JOBS = [
    Job("offer-freed-times", 5.0, offer_freed_times, woken=True),
    Job("close-waitlist-offers", 1.0, close_offers),
    Job("lapse-proposals", 20.0, lapse_proposals, alone=True),
    Job("roll-free-time", ROLL_EVERY_S, roll_free_time, alone=True),
    Job("expire-holds", EXPIRE_EVERY_S, expire_holds, alone=True),
]
