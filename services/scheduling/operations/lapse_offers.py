"""Offers that nobody answered in time: somebody has to call."""

from services.scheduling.operations.ports import Unit
from services.scheduling.operations.put_on_list import audit_listed
from shared.clock import Clock

# In one transaction; the next run takes the next.
MOST = 200


def lapse_offers(uow: Unit, clock: Clock) -> int:
    """Puts visits whose last proposal has lapsed on the call list; how many. Who is being answered for is left out."""
    with uow:
        listed = uow.reschedules.lapsed(clock.now(), MOST)
        for each in listed:
            each.lapse()
        uow.reschedules.keep(listed)
        for each in listed:
            audit_listed("lapse_offers", each, uow)
        return uow.commit(len(listed))
