"""`units = Units(SchedulingUnitOfWork)`: the dependency through which a service's methods get their units of work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nameko.extensions import DependencyProvider
from psycopg2.extensions import connection as Connection  # noqa: N812

from shared.config import database_url
from shared.database.migrate import unmigrated
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
        factory: UnitFactory[Any] = unit_factory(service, self.kind, size=self.container.max_workers + 1, told=waker)
        self._factory = factory
        health.register("database", lambda: answers(factory.resources.pool))
        health.register("migrations", Migrated(factory.resources.pool, service))

    def stop(self) -> None:
        if self._factory is not None:
            self._factory.resources.pool.close()

    def get_dependency(self, worker_ctx: Any) -> UnitFactory[Any] | None:
        return self._factory


class Migrated:
    """Whether the database has run every migration that this code needs; asked until it once had."""

    def __init__(self, pool: Pool, service: str) -> None:
        self._pool = pool
        self._service = service
        self._has = False

    def __call__(self) -> bool:
        if not self._has:
            with borrowed(self._pool) as connection:
                self._has = not unmigrated(connection, self._service)
        return self._has


def answers(pool: Pool) -> bool:
    """Whether the database answers a question of one row."""
    with borrowed(pool) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


@contextmanager
def borrowed(pool: Pool) -> Iterator[Connection]:
    """A connection for a moment: given back clean, or discarded where anything failed."""
    connection = pool.take()
    try:
        yield connection
    except BaseException:
        pool.discard(connection)
        raise
    pool.give_back(connection)
