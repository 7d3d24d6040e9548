"""A connection on which statements may wait: what needs no answer travels with the next statement that does.

A round trip costs more than what most statements do. All that waits and the statement that was waited for are one
message of PostgreSQL's simple protocol; they are carried out in order, and what fails stops the rest (ADR 19).
"""

from typing import Any

import psycopg2.extensions
from psycopg2.extras import RealDictCursor

_BETWEEN = b"\n;\n"  # on lines of its own: a statement may end in a comment


class Connection(psycopg2.extensions.connection):
    """Waiting statements belong to the running transaction: whoever ends it sends or forgets them."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.waiting: list[bytes] = []
        self.sent = 0

    def later(self, statement: str) -> None:
        """Lets a statement without values wait."""
        self.waiting.append(statement.encode())

    def send(self) -> None:
        """Sends what waits, where anything does."""
        if self.waiting:
            last = self.waiting.pop()
            with self.cursor() as cursor:
                cursor.execute(last)


class Cursor(RealDictCursor):
    """Rows are dicts. The answer is that of its own statement, which goes with all that waits before it."""

    connection: Connection

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002  # psycopg2's own name
        if before := self.connection.waiting:
            query, vars = _BETWEEN.join((*before, self.mogrify(query, vars))), None  # noqa: A001
            self.connection.waiting = []
        self.connection.sent += 1
        super().execute(query, vars)

    def prepare(self, preparation: str) -> None:
        """Alone and at once: a preparation is the connection's and no part of a transaction."""
        super().execute(preparation)


class LaterCursor(Cursor):
    """Executes nothing: its statements wait."""

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002
        self.connection.waiting.append(self.mogrify(query, vars))
