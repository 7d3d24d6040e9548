"""Opening a network."""

from services.billing.domain.commands import OpenNetwork
from services.billing.operations.ports import Unit
from shared.clock import Clock


def open_network(command: OpenNetwork, uow: Unit, clock: Clock) -> OpenNetwork:
    """Makes the network known to this database; again, it changes nothing."""
    with uow:
        uow.open_network(command.name)
        uow.audit(uow.action, "network", command.network_id)
        return uow.commit(command)
