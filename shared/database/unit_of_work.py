"""One transaction: rows, events, command key and audit entries are committed together or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import connection as Connection  # noqa: N812

from shared.asker import Asker
from shared.clock import Clock
from shared.database.audit import AuditEntry, write_entry
from shared.database.errors import OutcomeUnknown, is_connection_lost
from shared.database.idempotency import CommandKey, is_settled, store_answer, store_refusal, take_key
from shared.database.pool import Pool
from shared.database.session import Session
from shared.database.statements import Statements
from shared.errors import DomainError, Forbidden, NotFound, Refused
from shared.events.base import Condition
from shared.events.encryption import Keyring
from shared.events.envelope import Event
from shared.failpoints import failpoint
from shared.ids import new_id
from shared.messaging.outbox import append

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What every unit of work of a process shares. `told` is called after a commit that leaves work to others."""

    pool: Pool
    clock: Clock
    keyring: Keyring
    told: Callable[[], None] = lambda: None


class UnitOfWork:
    """`with uow:` opens the transaction; leaving it without `commit` rolls everything back.

    A service's own subclass names its statements and builds its repositories in
    `open_repositories`. Command operations call `commit(answer)` themselves; operations
    of events run inside a unit of work that the messaging layer commits.
    """

    statements: ClassVar[Statements]

    def __init__(self, resources: Resources, asker: Asker, *, key: CommandKey | None = None, action: str = "") -> None:
        self.asker = asker
        self.network_id = asker.network_id
        self.clock = resources.clock
        self.action = action
        self.object_ids: dict[str, str] = {}
        self._resources = resources
        self._key = key
        self._events: list[Event[Condition]] = []
        self._leaves_work = False
        self._dump: Callable[[Any], Any] = lambda answer: answer
        self._connection: Connection | None = None

    def open_repositories(self) -> None:
        """Builds the service's repositories on `self.sql`; the base has none."""

    def dump_answer_with(self, dump: Callable[[Any], Any]) -> None:
        """How the answer of a command becomes the JSON that is stored under its key."""
        self._dump = dump

    @property
    def connection(self) -> Connection:
        """The open connection; for multi-row statements and COPY in plain processes."""
        if self._connection is None:
            raise RuntimeError("the unit of work is not open")
        return self._connection

    def __enter__(self) -> Self:
        self._connection = self._resources.pool.take()
        try:
            self._begin()
        except BaseException as error:
            self._leave(error)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is None:
            return
        try:
            if isinstance(error, Refused) and self._key is not None:
                self._keep_refusal(self._key, error)
            elif isinstance(error, NotFound | Forbidden | Refused):
                self._keep_denial(error)
        except BaseException as failure:  # a deadline may strike here too
            self._leave(failure)
            raise
        self._leave(error)

    def enter_network(self, network_id: UUID, correlation_id: str = "") -> None:
        """From here on the transaction sees that network's rows and no others."""
        self.network_id = network_id
        self.asker = replace(self.asker, network_id=network_id, correlation_id=correlation_id)
        self._base.run("set-network", network_id=str(network_id))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What the block did is undone where it raises, and the transaction goes on."""
        self._execute("SAVEPOINT step")
        try:
            yield
        except Exception:
            self._execute("ROLLBACK TO SAVEPOINT step")
            raise
        self._execute("RELEASE SAVEPOINT step")

    def lock(self, *names: str) -> None:
        """Waits for the named locks of this network, always in the same order; held until the transaction ends."""
        self._base.run("lock-names", names=sorted({f"{self.network_id}/{name}" for name in names}))

    def open_network(self, name: str) -> bool:
        """Makes this unit's network known to the database; False where it was already."""
        return bool(self._base.run("open-network", network_id=self.network_id, name=name, opened_at=self.clock.now()))

    def record(self, condition: Condition, caused_by: Event[Condition] | None = None) -> None:
        """Tells a fact when this unit of work commits. Call it after the aggregate's row was written."""
        self._events.append(
            Event(
                id=new_id(),
                source=condition.source,
                type=condition.type,
                subject=condition.subject,
                time=self.clock.now(),
                networkid=self.network_id,
                version=condition.version,
                correlationid=caused_by.correlationid if caused_by else self.asker.correlation_id,
                causationid=str(caused_by.id) if caused_by else self.asker.causation_id,
                traceparent=caused_by.traceparent if caused_by else self.asker.traceparent,
                data=condition,
            )
        )

    def audit(self, action: str, object_type: str, object_id: object, **more: Any) -> None:
        """Writes an audit entry in this transaction; see AuditEntry for `more`."""
        entry = AuditEntry(action=action, object_type=object_type, object_id=str(object_id), **more)
        write_entry(self._base, self.asker, self.network_id, entry, self.clock.now())

    def has_settled(self, operation: str, key: str) -> bool:
        """Whether a command of this asker was settled under that key."""
        return is_settled(self._base, self.asker, operation, key)

    def commit(self, answer: T = None) -> T:  # type: ignore[assignment]  # None is the answer of who gives none
        """Commits rows, events, the key's answer and audit entries; gives back its argument.

        Raises OutcomeUnknown where the connection was lost in the commit itself.
        """
        leaves_work = self.flush_events() or self._leaves_work
        if self._key is not None:
            store_answer(self._base, self.network_id, self._key, self._dump(answer))
        failpoint("uow.before-commit")
        self._commit_connection()
        failpoint("uow.after-commit")
        self._leave(None)
        if leaves_work:
            self._resources.told()
        return answer

    def leave_work(self) -> None:
        """Says that something is due once this commits, so that `work` looks at once and not at its next round."""
        self._leaves_work = True

    def flush_events(self) -> bool:
        """Writes the recorded events into the outbox; True if there were any."""
        recorded, self._events = self._events, []
        append(self.connection, recorded, self._resources.keyring)
        return bool(recorded)

    def _begin(self) -> None:
        self.sql = Session(self.connection, self.statements)
        self._base = Session(self.connection, _BASE_STATEMENTS)
        self._base.run("set-network", network_id=str(self.network_id))
        if self._key is not None:
            failpoint("uow.before-key")
            take_key(self._base, self.asker, self._key)
            self._execute("SAVEPOINT work")
            failpoint("uow.after-key")
        self.open_repositories()

    def _commit_connection(self) -> None:
        try:
            self.connection.commit()
        except psycopg2.Error as error:
            if is_connection_lost(error):
                raise OutcomeUnknown from None
            raise

    def _keep_refusal(self, key: CommandKey, refusal: Refused) -> None:
        self._execute("ROLLBACK TO SAVEPOINT work")
        store_refusal(self._base, self.network_id, key, refusal)
        self._audit_no(refusal)
        self._commit_connection()

    def _keep_denial(self, denial: DomainError) -> None:
        self.connection.rollback()
        self._base.run("set-network", network_id=str(self.network_id))
        self._audit_no(denial)
        self._commit_connection()

    def _audit_no(self, reason: DomainError) -> None:
        name, identity = next(iter(self.object_ids.items()), ("", None))
        entry = AuditEntry(
            action=self.action or "unnamed",
            object_type=name.removesuffix("_id") or "none",
            object_id=identity,
            decision="refused" if isinstance(reason, Refused) else "denied",
            detail={"slug": reason.slug},
        )
        write_entry(self._base, self.asker, self.network_id, entry, self.clock.now())

    def _execute(self, statement: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(statement)

    def _leave(self, error: BaseException | None) -> None:
        """Gives the connection back clean, or throws it away where its state is doubtful."""
        connection, self._connection = self._connection, None
        self._events = []
        if connection is None:
            return
        try:
            is_clean = not _is_doubtful(error) and _rolled_back(connection)
        except BaseException:  # a deadline struck in the rollback: the pool's place must not be lost
            self._resources.pool.discard(connection)
            raise
        if is_clean:
            self._resources.pool.give_back(connection)
        else:
            self._resources.pool.discard(connection)


def _is_doubtful(error: BaseException | None) -> bool:
    # A time-out or a kill (not an Exception) may have struck in the middle of the protocol.
    if error is None or isinstance(error, DomainError):
        return isinstance(error, OutcomeUnknown)
    return not isinstance(error, Exception) or isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError)


def _rolled_back(connection: Connection) -> bool:
    try:
        if connection.info.transaction_status != TRANSACTION_STATUS_IDLE:
            connection.rollback()
    except psycopg2.Error:
        return False
    return True


_BASE_STATEMENTS = Statements.beside(__file__)
