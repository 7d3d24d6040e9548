"""One transaction: rows, events, command key and audit entries are committed together or not at all."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from shared.asker import Asker
from shared.clock import Clock
from shared.database.audit import AuditEntry, Written, write_entries
from shared.database.connection import LaterCursor
from shared.database.idempotency import CommandKey, store_answer, store_refusal, take_key
from shared.database.pool import Pool
from shared.database.session import Session
from shared.database.statements import Statements
from shared.database.transaction import Savepoint, Transaction, undo_all
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


@dataclass(frozen=True)
class Mark:
    """A place in a unit of work: how much was told, audited and written before it."""

    events: int
    audits: int
    writes: int


class UnitOfWork(Transaction):
    """`with uow:` opens the transaction; leaving it without `commit` rolls everything back.

    A service's own subclass names its statements and builds its repositories in
    `open_repositories`. BEGIN and what follows it wait for the first statement that has an answer, and what a commit
    writes goes with its COMMIT. Command operations call `commit(answer)` themselves; operations
    of events run inside a unit of work that the messaging layer commits.
    """

    statements: ClassVar[Statements]
    _work: Savepoint

    def __init__(self, resources: Resources, asker: Asker, *, key: CommandKey | None = None, action: str = "") -> None:
        super().__init__(resources.pool)
        self.asker = asker
        self.network_id = asker.network_id
        self.clock = resources.clock
        self.action = action
        self.object_ids: dict[str, str] = {}
        self._resources = resources
        self._key = key
        self._events: list[Event[Condition]] = []
        self._audits: list[Written] = []
        self._leaves_work = False
        self._dump: Callable[[Any], Any] = lambda answer: answer

    def open_repositories(self) -> None:
        """Builds the service's repositories on `self.sql`; the base has none."""

    def dump_answer_with(self, dump: Callable[[Any], Any]) -> None:
        """How the answer of a command becomes the JSON that is stored under its key."""
        self._dump = dump

    def __enter__(self) -> Self:
        self._connection = self._pool.take()
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
        self.base.later("set-network", network_id=str(network_id))

    def lock(self, *names: str) -> None:
        """Takes the named locks of this network before anything that follows is read or written; held until the end.

        Always in the same order. The next statement waits for them.
        """
        wanted = {f"{self.network_id}/{name}" for name in names} - self._locked
        if wanted:
            self.base.later("lock-names", names=sorted(wanted))
            self._locked |= wanted

    def open_network(self, name: str) -> bool:
        """Makes this unit's network known to the database; False where it was already."""
        return bool(self.base.run("open-network", network_id=self.network_id, name=name, opened_at=self.clock.now()))

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

    @contextmanager
    def because_of(self, fact: Event[Condition]) -> Iterator[None]:
        """What the block tells and audits follows from that fact, one of several of this transaction."""
        asker = self.asker
        self.asker = replace(
            asker, correlation_id=fact.correlationid, causation_id=str(fact.id), traceparent=fact.traceparent
        )
        try:
            yield
        finally:
            self.asker = asker

    def audit(self, action: str, object_type: str, object_id: object, **more: Any) -> None:
        """Writes an audit entry when this unit of work commits; see AuditEntry for `more`."""
        self._audit(AuditEntry(action=action, object_type=object_type, object_id=str(object_id), **more))

    def audit_no(self, reason: DomainError, object_ids: Mapping[str, str]) -> None:
        """The same for what was refused or denied: the first of the ids that were named is what it was about."""
        name, identity = next(iter(object_ids.items()), ("", None))
        self._audit(
            AuditEntry(
                action=self.action or "unnamed",
                object_type=name.removesuffix("_id") or "none",
                object_id=identity,
                decision="refused" if isinstance(reason, Refused) else "denied",
                detail={"slug": reason.slug},
            )
        )

    def mark(self) -> "Mark":
        """Where this unit of work stands: what comes after it can be forgotten."""
        return Mark(len(self._events), len(self._audits), self.sql.writes)

    def has_written_since(self, mark: "Mark") -> bool:
        """Whether a statement was more than reading."""
        return self.sql.writes > mark.writes

    def forget_since(self, mark: "Mark") -> None:
        """Tells and audits nothing of what came after; its rows are undone by whoever has the savepoint."""
        del self._events[mark.events :], self._audits[mark.audits :]

    def commit(self, answer: T = None) -> T:  # type: ignore[assignment]  # None is the answer of who gives none
        """Commits rows, events, the key's answer and audit entries; gives back its argument.

        Raises OutcomeUnknown where the connection was lost in the commit itself.
        """
        leaves_work = self.flush_events() or self._leaves_work
        self._flush_audits()
        if self._key is not None:
            store_answer(self.base, self.network_id, self._key, self._dump(answer))
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
        """Writes the recorded events into the outbox, with whatever is sent next; True if there were any."""
        recorded, self._events = self._events, []
        with self.connection.cursor(cursor_factory=LaterCursor) as cursor:
            append(cursor, recorded, self._resources.keyring)
        return bool(recorded)

    def _begin(self) -> None:
        self.sql = Session(self.connection, self.statements)
        self.base = Session(self.connection, _BASE_STATEMENTS)
        self._begin_in_network()
        if self._key is not None:
            failpoint("uow.before-key")
            take_key(self.base, self.asker, self._key)
            self._work = self._set_savepoint("work")
            failpoint("uow.after-key")
        self.open_repositories()

    def _begin_in_network(self) -> None:
        self.connection.later("BEGIN")
        self.base.later("set-network", network_id=str(self.network_id))

    def _keep_refusal(self, key: CommandKey, refusal: Refused) -> None:
        self._go_back_to(self._work)
        store_refusal(self.base, self.network_id, key, refusal)
        self._commit_no(refusal)

    def _keep_denial(self, denial: DomainError) -> None:
        undo_all(self.connection)
        self._begin_in_network()
        self._commit_no(denial)

    def _commit_no(self, reason: DomainError) -> None:
        self._audits = []  # what was done is undone
        self.audit_no(reason, self.object_ids)
        self._flush_audits()
        self._commit_connection()

    def _audit(self, entry: AuditEntry) -> None:
        self._audits.append(Written(self.asker, self.network_id, entry, self.clock.now()))

    def _flush_audits(self) -> None:
        entries, self._audits = self._audits, []
        write_entries(self.base, entries)

    def _leave(self, error: BaseException | None) -> None:
        self._events, self._audits = [], []
        super()._leave(error)


_BASE_STATEMENTS = Statements.beside(__file__)
