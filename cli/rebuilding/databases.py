"""A service's database as its owner sees it, and an empty one beside it that is gone at the end."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extras import register_uuid

from cli.places import ADMIN
from shared.clock import BusinessClock
from shared.config import database_url, setting
from shared.database.migrate import OWNER, create_database, migrate
from shared.database.pool import Pool
from shared.database.unit_of_work import Resources
from shared.database.units import UnitFactory
from shared.events.encryption import Keyring
from shared.messaging.at_work import doors_of, service_class
from shared.messaging.door import Door

register_uuid()  # type: ignore[no-untyped-call]  # the stubs leave its arguments open

_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class Scratch:
    """An empty database of a service: its name, and the service's handlers as they work there, by consumer."""

    name: str
    doors: Mapping[str, Door]


@contextmanager
def as_owner(database: str) -> Iterator[Connection]:
    """An administrator's connection as `frontdesk_owner`, whom no row-level policy binds (docs/security.md)."""
    with closing(psycopg2.connect(beside(setting(ADMIN), database))) as connection:
        with connection.cursor() as cursor:
            cursor.execute(f"SET timezone = 'UTC'; SET ROLE {OWNER}")
        connection.commit()
        yield connection


@contextmanager
def empty_database(service: str) -> Iterator[Scratch]:
    """Migrated and empty, and nobody knows of it: what becomes due there is never sent, what is told never published.

    Foreign keys are left out, since rows of the service's own are not there.
    """
    name, server = f"{service}_rebuilt", setting(ADMIN)
    _drop(server, name)  # of a rebuild that was killed
    try:
        migrate(create_database(server, name, service), service)
        _run(server, "ALTER DATABASE {} SET synchronous_commit = off", name)  # nobody will miss it
        _drop_foreign_keys(name)
        with closing(Pool(beside(database_url(service, "worker"), name), size=2)) as pool:
            yield Scratch(name, _doors(service, pool))
    finally:
        _drop(server, name)


def beside(url: str, database: str) -> str:
    """The same login in another database of the server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _doors(service: str, pool: Pool) -> Mapping[str, Door]:
    keyring = Keyring.parse(setting("FRONTDESK_EVENT_KEYS"))
    resources = Resources(pool=pool, clock=BusinessClock(), keyring=keyring)
    return doors_of(service, UnitFactory(service, service_class(service).units.kind, resources))


def _drop_foreign_keys(name: str) -> None:
    with as_owner(name) as connection, connection, connection.cursor() as cursor:
        cursor.execute(_FOREIGN_KEYS)
        for table, key in cursor.fetchall():
            drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
            cursor.execute(drop.format(sql.Identifier(table), sql.Identifier(key)))


def _drop(server: str, name: str) -> None:
    _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _run(server: str, statement: str, name: str) -> None:
    with closing(psycopg2.connect(server)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))
