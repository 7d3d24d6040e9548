"""A network gets its row and the number that it texts from."""

from services.notifications.domain.commands import OpenNetwork
from services.notifications.operations.ports import Unit
from shared.clock import Clock


def open_network(command: OpenNetwork, uow: Unit, clock: Clock) -> OpenNetwork:
    """Opens the network; asked again, it changes the sender number. Raises SenderTaken."""
    with uow:
        uow.network.keep(command.name, command.sender_number, clock.now())
        uow.audit("open_network", "network", command.network_id)
        return uow.commit(command)
