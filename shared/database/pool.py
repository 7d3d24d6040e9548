"""A pool that waits: one connection belongs to one worker at a time (green or thread alike)."""

import queue
from typing import Any

import psycopg2
from psycopg2.extras import register_uuid

from shared.database.connection import Connection, Cursor
from shared.errors import Unavailable

register_uuid()  # type: ignore[no-untyped-call]  # the stubs leave its arguments open

_OPTIONS = (
    "-c statement_timeout={statement} -c lock_timeout={lock} -c idle_in_transaction_session_timeout=30000"
    " -c timezone=UTC"
)


def connect(url: str, *, statement_ms: int = 8000, lock_ms: int = 3000, **options: Any) -> Connection:
    """A connection with this project's time-outs (milliseconds). Raises psycopg2.OperationalError."""
    settings = _OPTIONS.format(statement=statement_ms, lock=lock_ms)
    return psycopg2.connect(
        url,
        connect_timeout=5,
        options=settings,
        connection_factory=Connection,
        cursor_factory=Cursor,
        application_name="frontdesk",
        **options,
    )


class Pool:
    """At most `size` connections, opened when needed. `take` waits up to `wait_s` and then raises Unavailable.

    They are in autocommit: whoever wants a transaction says BEGIN, and psycopg2's commit and rollback do nothing.
    """

    def __init__(self, url: str, size: int = 10, wait_s: float = 3.0) -> None:
        self._url = url
        self._wait_s = wait_s
        self._places: queue.LifoQueue[Connection | None] = queue.LifoQueue()
        for _ in range(size):
            self._places.put(None)

    def take(self) -> Connection:
        try:
            connection = self._places.get(timeout=self._wait_s)
        except queue.Empty:
            raise Unavailable({"part": "database-pool"}) from None
        if connection is not None and not connection.closed:
            return connection
        try:
            connection = connect(self._url)
            connection.autocommit = True
        except BaseException:
            self._places.put(None)
            raise
        return connection

    def give_back(self, connection: Connection) -> None:
        """Back with a connection that has no transaction open."""
        self._places.put(connection)

    def discard(self, connection: Connection) -> None:
        """Closes a connection whose state nobody can vouch for; its place is free again."""
        try:
            connection.close()
        finally:
            self._places.put(None)

    def close(self) -> None:
        """Closes what lies idle; what is out is closed by whoever discards it."""
        while True:
            try:
                connection = self._places.get_nowait()
            except queue.Empty:
                return
            if connection is not None:
                connection.close()
