"""Which carrier a network's texts go through now: the first that takes them, in the network's order."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.notifications.operations.carrier_watch import CarrierWatch, NeverAway
from services.notifications.operations.gateway import TextGateway
from shared.clock import Clock


@dataclass(frozen=True)
class Carrier:
    """A carrier, and what this process knows of it.

    `is_last`: nobody else takes now what it does not. `only`: it is to get these texts alone; None: whatever is due.
    `is_paced`: its own rate for a number is to be kept; else that of who was asked before it has been, which is no
    greater. What it certainly did not take is to be added to `left`.
    """

    gateway: TextGateway
    watch: CarrierWatch
    is_last: bool
    only: Collection[UUID] | None
    is_paced: bool
    left: set[UUID]


class Carriers:
    """What one process knows of all its carriers, by their names. It outlives runs. `never_away`: names of whom it asks
    always."""

    def __init__(self, real_time: Clock, never_away: Collection[str] = ()) -> None:
        self._real_time = real_time
        self._watches: dict[str, CarrierWatch] = {name: NeverAway(real_time) for name in never_away}

    def in_turn(self, gateways: Sequence[TextGateway]) -> Iterator[Carrier]:
        """The first, and each other one for what those before it left; for all that is due while they are left alone.

        What a carrier certainly did not take goes to the next; what it may have is nobody's to send.
        """
        watches = [self._watch_of(it) for it in gateways]
        left, nobody_takes = set[UUID](), True
        for place, (gateway, watch) in enumerate(zip(gateways, watches, strict=True)):
            is_last = not any(it.may_ask(1) for it in watches[place + 1 :])
            only = None if nobody_takes else frozenset(left)
            is_paced = nobody_takes or not _are_as_slow(gateways[:place], gateway)
            yield Carrier(gateway, watch, is_last, only, is_paced, left)
            nobody_takes = nobody_takes and not watch.is_open
            if not nobody_takes and not left:
                return

    def _watch_of(self, gateway: TextGateway) -> CarrierWatch:
        return self._watches.setdefault(gateway.name, CarrierWatch(self._real_time))


def _are_as_slow(before: Sequence[TextGateway], gateway: TextGateway) -> bool:
    """Whether what those have been asked for keeps the rate of this one too: it waits for none a second time."""
    rates = [it.per_second for it in before if it.per_second is not None]
    return gateway.per_second is None or any(rate <= gateway.per_second for rate in rates)
