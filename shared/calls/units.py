"""`units = Units(SchedulingUnitOfWork)`: the dependency through which a service's methods get their units of work."""

from typing import Any

from nameko.extensions import DependencyProvider

from shared.config import database_url
from shared.database.pool import Pool
from shared.database.unit_of_work import UnitOfWork
from shared.database.units import UnitFactory, unit_factory
from shared.health import health
from shared.messaging.wake import Waker


class Units(DependencyProvider):  # type: ignore[misc]  # nameko has no types
    """Injects the process's UnitFactory. The pool has a connection for every worker and one for /readyz."""

    def __init__(self, kind: type[UnitOfWork]) -> None:
        self.kind = kind
        self._factory: UnitFactory[Any] | None = None

    def setup(self) -> None:
        service = self.container.service_name
        waker = Waker(database_url(service))
        self._factory = unit_factory(service, self.kind, size=self.container.max_workers + 1, told=waker)
        health.register("database", lambda: answers(self.factory.resources.pool))

    def stop(self) -> None:
        self.factory.resources.pool.close()

    @property
    def factory(self) -> UnitFactory[Any]:
        """The factory; there once the container has set its dependencies up."""
        if self._factory is None:
            raise RuntimeError("units are not set up yet")
        return self._factory

    def get_dependency(self, worker_ctx: Any) -> UnitFactory[Any]:
        return self.factory


def answers(pool: Pool) -> bool:
    """Whether the database answers a question of one row."""
    connection = pool.take()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except BaseException:
        pool.discard(connection)
        raise
    pool.give_back(connection)
    return True
