"""Running named statements on one connection."""

from typing import Any

from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extras import execute_values

from shared.database.connection import LaterCursor
from shared.database.statements import Statements

Row = dict[str, Any]


class Session:
    """Named statements on one connection; rows are dicts. `writes` counts those that were no mere reading.

    For `later` and `many_later` it must be one of shared.database.connection.
    """

    def __init__(self, connection: Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements
        self.writes = 0

    def one(self, name: str, /, **params: Any) -> Row | None:
        """The first row, or None."""
        with self._connection.cursor() as cursor:
            self._execute(cursor, name, params)
            row = cursor.fetchone()
            return dict(row) if row is not None else None

    def all(self, name: str, /, **params: Any) -> list[Row]:
        """Every row."""
        with self._connection.cursor() as cursor:
            self._execute(cursor, name, params)
            return [dict(row) for row in cursor.fetchall()]

    def run(self, name: str, /, **params: Any) -> int:
        """How many rows the statement touched."""
        with self._connection.cursor() as cursor:
            self._execute(cursor, name, params)
            return int(cursor.rowcount)

    def later(self, name: str, /, **params: Any) -> None:
        """Lets a statement that changes something wait: it goes with the next one, or with the COMMIT."""
        self.writes += 1
        with self._connection.cursor(cursor_factory=LaterCursor) as cursor:
            self._send(cursor, name, params)

    def many_later(self, name: str, rows: list[tuple[Any, ...]]) -> None:
        """The same for one statement of many rows."""
        if rows:
            self.writes += 1
            with self._connection.cursor(cursor_factory=LaterCursor) as cursor:
                execute_values(cursor, self._statements[name], rows, page_size=len(rows))

    def many(self, name: str, rows: list[tuple[Any, ...]], *, returns: bool = False) -> list[Row]:
        """One multi-row statement: its text has `VALUES %s`. Gives the RETURNING rows where asked to."""
        if not rows:
            return []
        self.writes += 1
        with self._connection.cursor() as cursor:
            found = execute_values(cursor, self._statements[name], rows, page_size=len(rows), fetch=returns)
            return [dict(row) for row in found or []]

    def _execute(self, cursor: Any, name: str, params: dict[str, Any]) -> None:
        self._send(cursor, name, params)
        self.writes += not str(cursor.statusmessage).startswith("SELECT")

    def _send(self, cursor: Any, name: str, params: dict[str, Any]) -> None:
        prepared = self._statements.prepared(name)
        if prepared is None:
            cursor.execute(self._statements[name], params)
        else:
            prepared.execute_on(cursor, params)
