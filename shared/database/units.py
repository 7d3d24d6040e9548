"""Where units of work come from: one factory a process and service."""

from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import UUID

from shared.asker import Asker
from shared.clock import BusinessClock, Clock
from shared.config import database_url, setting
from shared.database.idempotency import CommandKey
from shared.database.pool import Pool
from shared.database.session import Session
from shared.database.statements import Statements
from shared.database.unit_of_work import Resources, UnitOfWork
from shared.events.encryption import Keyring

U = TypeVar("U", bound=UnitOfWork)

# The network of a unit of work that has not entered one yet: it sees no tenant's rows.
NO_NETWORK = UUID(int=0)


class UnitFactory(Generic[U]):
    """Makes the units of work of one service in one process."""

    def __init__(self, service: str, kind: type[U], resources: Resources) -> None:
        self.service = service
        self.resources = resources
        self._kind = kind

    def for_call(self, asker: Asker, *, key: CommandKey | None = None, action: str = "") -> U:
        """For a command or a question of `asker`."""
        return self._kind(self.resources, asker, key=key, action=action)

    def for_network(self, network_id: UUID, correlation_id: str = "", action: str = "") -> U:
        """For the service's own work in one network (jobs)."""
        return self._kind(self.resources, self._own_asker(network_id, correlation_id), action=action)

    def for_events(self) -> U:
        """For a batch of events of any networks: `enter_network` before each network's rows."""
        return self.for_network(NO_NETWORK, action="event")

    def networks(self) -> list[UUID]:
        """The networks that this database knows; only the worker's role may ask."""
        connection = self.resources.pool.take()
        try:
            rows = Session(connection, _BASE).all("list-networks")
        except BaseException:
            self.resources.pool.discard(connection)
            raise
        self.resources.pool.give_back(connection)
        return [row["network_id"] for row in rows]

    def _own_asker(self, network_id: UUID, correlation_id: str) -> Asker:
        return Asker(
            actor_id=self.service,
            actor_kind="service",
            network_id=network_id,
            sites=None,
            scopes=frozenset(),
            correlation_id=correlation_id,
        )


def unit_factory(
    service: str,
    kind: type[U],
    *,
    role: str = "app",
    size: int = 10,
    clock: Clock | None = None,
    told: Callable[[], None] = lambda: None,
) -> UnitFactory[U]:
    """The factory that the environment describes. `size` is the greatest number of connections."""
    resources = Resources(
        pool=Pool(database_url(service, role), size),
        clock=clock or BusinessClock(),
        keyring=Keyring.parse(setting("FRONTDESK_EVENT_KEYS")),
        told=told,
    )
    return UnitFactory(service, kind, resources)


_BASE = Statements.beside(__file__)
