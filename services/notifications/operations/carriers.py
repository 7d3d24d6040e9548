"""Which carrier a network's texts go through now: the first that takes anything, in the network's order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.notifications.operations.carrier_watch import CarrierWatch
from services.notifications.operations.gateway import TextGateway
from shared.clock import Clock


@dataclass(frozen=True)
class Carrier:
    """A carrier and what this process knows of it. `is_last`: there is no other for what it does not take."""

    gateway: TextGateway
    watch: CarrierWatch
    is_last: bool


class Carriers:
    """What one process knows of all its carriers, by their names. It outlives runs."""

    def __init__(self, real_time: Clock) -> None:
        self._real_time = real_time
        self._watches: dict[str, CarrierWatch] = {}

    def in_turn(self, gateways: Sequence[TextGateway]) -> Iterator[Carrier]:
        """The first, and each other one only if, when its turn comes, those before it are left alone.

        What a carrier certainly did not take is due again and goes to the next; what it may have is nobody's to send.
        """
        for gateway in gateways:
            watch = self._watches.setdefault(gateway.name, CarrierWatch(self._real_time))
            yield Carrier(gateway, watch, is_last=gateway is gateways[-1])
            if watch.is_open:
                return
