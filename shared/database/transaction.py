"""One connection of the pool for one transaction: given back clean, or thrown away where its state is doubtful."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import connection as Connection  # noqa: N812

from shared.database.errors import OLD_PLAN, OutcomeUnknown, is_connection_lost
from shared.database.pool import Pool
from shared.errors import DomainError


class Transaction:
    """What a unit of work stands on. Nothing here knows of networks, keys or events."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The open connection; for multi-row statements and COPY in plain processes."""
        if self._connection is None:
            raise RuntimeError("the unit of work is not open")
        return self._connection

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What the block did is undone where it raises, and the transaction goes on."""
        self._execute("SAVEPOINT step")
        try:
            yield
        except Exception:
            # Released too: left there, it would hide one of the same name around it.
            self._execute("ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step")
            raise
        self._execute("RELEASE SAVEPOINT step")

    def _commit_connection(self) -> None:
        try:
            self.connection.commit()
        except psycopg2.Error as error:
            if is_connection_lost(error):
                raise OutcomeUnknown from None
            raise

    def _execute(self, statement: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(statement)

    def _leave(self, error: BaseException | None) -> None:
        """Gives the connection back clean, or throws it away where its state is doubtful."""
        connection, self._connection = self._connection, None
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


def _rolled_back(connection: Connection) -> bool:
    try:
        if connection.info.transaction_status != TRANSACTION_STATUS_IDLE:
            connection.rollback()
    except psycopg2.Error:
        return False
    return True
