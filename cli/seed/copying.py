"""Rows on their way into the databases: text in PostgreSQL's COPY format, table by table."""

from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime
from io import StringIO
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812

from cli.seed.tables import TABLES
from shared.config import setting
from shared.database.migrate import OWNER, SERVICES

NULL = "\\N"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def text_of(value: Any) -> str:
    """A value as COPY reads it; instants in ISO 8601 with their offset."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value).translate(_ESCAPED) if isinstance(value, str) else str(value)


class Batch:
    """Rows that are written together. `add` takes text that is ready for COPY, `put` any values."""

    def __init__(self, network_id: UUID) -> None:
        self._network = f"{network_id}\t"
        self.rows: dict[str, list[str]] = {name: [] for name in TABLES}

    def add(self, table: str, *texts: str) -> None:
        self.rows[table].append(self._network + "\t".join(texts))

    def put(self, table: str, *values: Any) -> None:
        self.add(table, *map(text_of, values))

    def put_all(self, table: str, rows: Iterable[Iterable[Any]]) -> None:
        for row in rows:
            self.put(table, *row)

    def __len__(self) -> int:
        return sum(map(len, self.rows.values()))

    def clear(self) -> None:
        for rows in self.rows.values():
            rows.clear()


def administrators(database: str) -> Connection:
    """A connection of the administrator's as `frontdesk_owner`, whom no row-level policy binds (docs/security.md)."""
    url = urlsplit(setting("FRONTDESK_ADMIN_DATABASE_URL"))
    connection = psycopg2.connect(urlunsplit(url._replace(path=f"/{database}")))
    with connection.cursor() as cursor:
        # A seed that is lost in a power cut is made again.
        cursor.execute(f"SET synchronous_commit = off; SET timezone = 'UTC'; SET ROLE {OWNER}")
    connection.commit()
    return connection


class Writer:
    """One connection to each service's database; a batch is one transaction in each. Use it as a context manager."""

    def __init__(self) -> None:
        self._connections = {service: administrators(service) for service in SERVICES}

    def write(self, batch: Batch) -> int:
        """Writes and empties the batch; how many rows it had."""
        count = len(batch)
        for name, rows in batch.rows.items():
            if rows:
                self._copy(name, rows)
        for connection in self._connections.values():
            connection.commit()
        batch.clear()
        return count

    def _copy(self, name: str, rows: list[str]) -> None:
        database, _, table = name.partition(".")
        columns = ", ".join(("network_id", *TABLES[name]))
        with self._connections[database].cursor() as cursor:
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", StringIO("\n".join(rows) + "\n"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self._connections.values():
            with closing(connection):
                connection.rollback()
