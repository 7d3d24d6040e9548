"""A network gets its row and the number that it texts from."""

from dataclasses import dataclass
from uuid import UUID

from services.notifications.operations.ports import Unit
from shared.clock import Clock


@dataclass(frozen=True, kw_only=True)
class OpenNetwork:
    """`sender_number` in E.164; no two networks share one, since a reply names nothing else."""

    network_id: UUID
    name: str
    sender_number: str


def open_network(command: OpenNetwork, uow: Unit, clock: Clock) -> OpenNetwork:
    """Opens the network; asked again, it changes the sender number. Raises SenderTaken."""
    with uow:
        uow.network.keep(command.name, command.sender_number, clock.now())
        uow.audit("open_network", "network", command.network_id)
        return uow.commit(command)
