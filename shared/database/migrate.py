"""Databases, roles and numbered plain-SQL migrations.

A migration is one file `NNNN_title.sql`, run once, in a transaction of its own, as
`frontdesk_owner`; its checksum is kept, and a file that changed after it ran is refused.
Two runs at once wait for each other. A migration does not wait long for a table's lock: everybody who comes after
it would wait too. It is rolled back and begun again.
"""

import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, make_dsn
from psycopg2.extensions import connection as Connection  # noqa: N812

from shared.failpoints import failpoint

OWNER = "frontdesk_owner"
ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("scheduling", "records", "billing", "notifications")
DATABASES = (*SERVICES, "gateway")
KINDS = ("app", "worker", "relay")
LOCK_SECONDS = 2.0
_TRIES = 60

_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""


class MigrationChanged(Exception):
    """A file that has run is not the same any more."""


@dataclass(frozen=True)
class Migration:
    """One file: `name` says where it is from (`base/0001_tenancy`), `text` is its SQL."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def migrations_of(database: str) -> list[Migration]:
    """What a database runs, in order: the base, messaging where it is a service, then its own."""
    owner = ROOT / "gateway" if database == "gateway" else ROOT / "services" / database
    folders = [("base", ROOT / "shared/database/migrations")]
    if database in SERVICES:
        folders.append(("messaging", ROOT / "shared/messaging/migrations"))
    folders.append((database, owner / "migrations"))
    return [
        Migration(f"{label}/{path.stem}", path.read_text(encoding="utf-8"))
        for label, folder in folders
        for path in sorted(folder.glob("[0-9]*.sql"))
    ]


def role_of(service: str, kind: str) -> str:
    """The login role of a service: `scheduling_app`."""
    return f"{service}_{kind}"


def create_roles(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Creates the owner and every login role, with the password given by role name; existing ones get it anew."""
    with _autocommit(admin_url) as connection, connection.cursor() as cursor:
        _ensure_role(cursor, OWNER, "NOLOGIN BYPASSRLS")
        for service in DATABASES:
            for kind in KINDS:
                name = role_of(service, kind)
                _ensure_role(cursor, name, "LOGIN NOBYPASSRLS")
                statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
                cursor.execute(statement.format(sql.Identifier(name), sql.Literal(passwords[name])))
            members = sql.SQL("GRANT {} TO {}").format(
                sql.Identifier(role_of(service, "app")), sql.Identifier(role_of(service, "worker"))
            )
            cursor.execute(members)


def create_database(admin_url: str, name: str, service: str) -> str:
    """Creates the database (owned by frontdesk_owner, entered by the service's roles only) and gives its URL."""
    with _autocommit(admin_url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if cursor.fetchone() is None:
            create = sql.SQL("CREATE DATABASE {} OWNER {}")
            cursor.execute(create.format(sql.Identifier(name), sql.Identifier(OWNER)))
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        for kind in KINDS:
            grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
            cursor.execute(grant.format(sql.Identifier(name), sql.Identifier(role_of(service, kind))))
    return make_dsn(admin_url, dbname=name)


def migrate(url: str, service: str, migrations: Sequence[Migration] | None = None) -> list[str]:
    """Runs what has not run yet on the database of `service`; gives the names of what ran.

    `url` is an administrator's. Raises MigrationChanged before anything runs, psycopg2's LockNotAvailable where
    somebody has held a table for minutes.
    """
    wanted = migrations_of(service) if migrations is None else migrations
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('frontdesk-migrate'))")
            cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
            cursor.execute(_LEDGER)
            cursor.execute("GRANT SELECT ON schema_migrations TO PUBLIC")
        connection.commit()
        pending = list(_pending(connection, wanted))
        for migration in pending:
            _run_in_the_end(connection, service, migration)
    finally:
        connection.close()
    return [migration.name for migration in pending]


def migrate_server(admin_url: str, passwords: Mapping[str, str]) -> dict[str, list[str]]:
    """Roles, databases and migrations of the whole installation; what ran, by database."""
    create_roles(admin_url, passwords)
    return {name: migrate(create_database(admin_url, name, name), name) for name in DATABASES}


def unmigrated(connection: Connection, service: str) -> list[str]:
    """The migrations that this code needs and the database has not run; for readiness."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM schema_migrations")
        done = {_first(row) for row in cursor.fetchall()}
    return [migration.name for migration in migrations_of(service) if migration.name not in done]


def _pending(connection: Connection, wanted: Iterable[Migration]) -> Iterable[Migration]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, checksum FROM schema_migrations")
        done = dict(cursor.fetchall())
    connection.rollback()
    for migration in wanted:
        if migration.name not in done:
            yield migration
        elif done[migration.name] != migration.checksum:
            raise MigrationChanged(f"{migration.name} has run and was changed since: write a new migration instead")


def _run_in_the_end(connection: Connection, service: str, migration: Migration) -> None:
    for tried in range(1, _TRIES + 1):
        try:
            _run(connection, service, migration)
            return
        except psycopg2.errors.LockNotAvailable:
            connection.rollback()
            if tried == _TRIES:
                raise
        time.sleep(LOCK_SECONDS)  # whoever waited behind us goes first


def _run(connection: Connection, service: str, migration: Migration) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('frontdesk.service', %s, true)", (service,))
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", (f"{LOCK_SECONDS}s",))
        cursor.execute(migration.text)
        cursor.execute(
            "INSERT INTO schema_migrations (name, checksum) VALUES (%s, %s)", (migration.name, migration.checksum)
        )
    failpoint("migrate.after-step")
    connection.commit()


def _ensure_role(cursor: psycopg2.extensions.cursor, name: str, attributes: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,))
    if cursor.fetchone() is None:
        cursor.execute(sql.SQL("CREATE ROLE {} " + attributes).format(sql.Identifier(name)))


class _autocommit:  # noqa: N801  # reads as a verb where it is used
    """A connection outside transactions, closed on leaving."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg2.connect(url)
        self._connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)

    def __enter__(self) -> Connection:
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def _first(row: object) -> object:
    return next(iter(row.values())) if isinstance(row, dict) else row[0]  # type: ignore[index]
