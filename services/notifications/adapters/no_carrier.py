"""What stands where a network has no carrier's account: it takes nothing, and says so to whoever runs the place."""

from collections.abc import Sequence
from uuid import UUID

from services.notifications.operations.gateway import Answer, Listing, Outgoing, Sought
from shared.logs import log
from shared.metrics import gauge

WITHOUT = gauge("networks_without_carrier", "Networks whose texts wait since no carrier's account is theirs", "service")


class NoCarrier:
    """Texts wait as for a carrier that is away, and are refused as `no-carrier` in the end. `told`: the networks
    that it has told of.

    Networks have nothing in common but that they have none: what becomes of one's texts says nothing of another's.
    """

    name = "none"
    at_once = 50
    per_second = None

    def __init__(self) -> None:
        self.told = set[UUID]()

    def send(self, outgoing: Sequence[Outgoing]) -> list[Answer]:
        """`not-taken`, all of them; a network is logged once."""
        for network_id in {it.network_id for it in outgoing} - self.told:
            self.told.add(network_id)
            WITHOUT.labels("notifications").set(len(self.told))
            log.error("network-without-carrier", network_id=str(network_id))
        return [Answer(status="not-taken", reason="no-carrier")] * len(outgoing)

    def messages(self, sought: Sought) -> Listing:
        raise LookupError(sought.network_id)
