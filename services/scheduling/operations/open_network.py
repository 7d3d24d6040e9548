"""A network becomes known to scheduling."""

from services.scheduling.domain.commands import OpenNetwork
from services.scheduling.operations.ports import Unit
from shared.clock import Clock


def open_network(command: OpenNetwork, uow: Unit, clock: Clock) -> OpenNetwork:
    """Opens the network; asked again, nothing changes."""
    with uow:
        uow.open_network(command.name)
        uow.audit("open_network", "network", command.network_id)
        return uow.commit(command)
