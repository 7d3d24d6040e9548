"""One connection of the pool for one transaction: given back clean, or thrown away where its state is doubtful."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from shared.database.connection import Connection
from shared.database.errors import OLD_PLAN, OutcomeUnknown, is_connection_lost
from shared.database.pool import Pool
from shared.errors import DomainError


class Savepoint(NamedTuple):
    """A place to come back to. What has not been sent since is forgotten, not sent and undone."""

    name: str
    sent: int  # messages until then; none of them waits
    locked: frozenset[str]  # names of locks that were held; who comes back holds no others


class Transaction:
    """What a unit of work stands on. Nothing here knows of networks, keys or events."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connection: Connection | None = None
        self._locked: set[str] = set()

    @property
    def connection(self) -> Connection:
        """The open connection; for multi-row statements and COPY in plain processes."""
        if self._connection is None:
            raise RuntimeError("the unit of work is not open")
        return self._connection

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What the block did is undone where it raises, and the transaction goes on."""
        step = self._set_savepoint("step")
        try:
            yield
            self.connection.send()  # what fails of it fails inside the block
        except Exception:
            if self._go_back_to(step):
                self.connection.later("RELEASE SAVEPOINT step")  # left there, it would hide one of the same name
            raise
        self.connection.later("RELEASE SAVEPOINT step")

    def _set_savepoint(self, name: str) -> Savepoint:
        self.connection.send()  # what waits from before must not fail behind it
        self.connection.later(f"SAVEPOINT {name}")
        return Savepoint(name, self.connection.sent, frozenset(self._locked))

    def _go_back_to(self, savepoint: Savepoint) -> bool:
        """Undoes what came after it; True where PostgreSQL knows the savepoint."""
        self.connection.waiting.clear()
        self._locked = set(savepoint.locked)
        is_known = self.connection.sent > savepoint.sent
        if is_known:
            self.connection.later(f"ROLLBACK TO SAVEPOINT {savepoint.name}")
        return is_known

    def _commit_connection(self) -> None:
        """Sends what waits and COMMIT as one message: lost on the way, nobody knows whether it was done."""
        try:
            with self.connection.cursor() as cursor:
                cursor.execute("COMMIT")
                if cursor.statusmessage != "COMMIT":  # PostgreSQL's answer where a statement had failed before
                    raise psycopg2.errors.InFailedSqlTransaction
        except psycopg2.Error as error:
            if is_connection_lost(error):
                raise OutcomeUnknown from None
            raise

    def _leave(self, error: BaseException | None) -> None:
        """Gives the connection back clean, or throws it away where its state is doubtful."""
        connection, self._connection = self._connection, None
        self._locked = set()
        if connection is None:
            return
        try:
            is_clean = not _is_doubtful(error) and _rolled_back(connection)
        except BaseException:  # a deadline struck in the rollback: the pool's place must not be lost
            self._pool.discard(connection)
            raise
        if is_clean:
            self._pool.give_back(connection)
        else:
            self._pool.discard(connection)


def _is_doubtful(error: BaseException | None) -> bool:
    # A time-out or a kill (not an Exception) may have struck in the middle of the protocol.
    if error is None or isinstance(error, DomainError):
        return isinstance(error, OutcomeUnknown)
    if isinstance(error, psycopg2.Error) and error.pgcode == OLD_PLAN:
        return True
    return not isinstance(error, Exception) or isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError)


def undo_all(connection: Connection) -> None:
    """What waits is forgotten, and what was done is undone by the next message."""
    connection.waiting.clear()
    if connection.info.transaction_status != TRANSACTION_STATUS_IDLE:
        connection.later("ROLLBACK")


def _rolled_back(connection: Connection) -> bool:
    try:
        undo_all(connection)
        connection.send()
    except psycopg2.Error:
        return False
    return True
