"""One service after the other: an empty database, its copies made anew, what differs told or put in place."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import groupby
from uuid import UUID

from psycopg2.extensions import connection as Connection  # noqa: N812

from cli.rebuilding.copies import Copies
from cli.rebuilding.databases import Scratch, as_owner, empty_database
from cli.rebuilding.facts import CannotRebuild, Inbox, Outbox
from cli.rebuilding.mending import Mender
from cli.rebuilding.progress import Progress
from cli.rebuilding.rebuild import Left, Rebuild
from cli.rebuilding.rows import Difference, Kind
from shared.config import setting
from shared.database.migrate import unmigrated
from shared.events.encryption import Keyring

AT_ONCE = 100

Say = Callable[[str], None]


class Outcome:
    """What was found: rows that differ, that were put in place, that were left, and those of seeds."""

    def __init__(self) -> None:
        self.kinds: Counter[Kind] = Counter()
        self.mended = 0
        self.left: Counter[Left] = Counter()
        self.seeded = 0

    @property
    def differ(self) -> int:
        return self.kinds.total()


def rebuild(chosen: Sequence[Copies], seeded: set[UUID], say: Say, *, apply: bool) -> Outcome:
    """Rebuilds these; `say` is told each row that differs. Rows of `seeded` networks that no fact tells of are theirs.

    Raises CannotRebuild, psycopg2.OperationalError.
    """
    outcome = Outcome()
    for service, copies in groupby(chosen, key=lambda one: one.service):
        with _alone(service), empty_database(service) as scratch:
            for one in copies:
                _rebuild(one, scratch, seeded, _Telling(outcome, service, say), apply=apply)
    return outcome


class _Telling:
    def __init__(self, outcome: Outcome, service: str, say: Say) -> None:
        self.outcome = outcome
        self._service = service
        self._say = say

    def differs(self, one: Difference, left: Left | None) -> None:
        self.outcome.kinds[one.kind] += 1
        self.outcome.left.update([left] if left else [])
        self._say(f"{self._service}.{one}{f'; left: {left}' if left else ''}")


def _rebuild(copies: Copies, scratch: Scratch, seeded: set[UUID], telling: _Telling, *, apply: bool) -> None:
    with ExitStack() as stack:
        snapshot = stack.enter_context(_snapshot(copies.service))
        outbox = Outbox(stack.enter_context(as_owner(copies.aggregate.source)), copies)
        made = stack.enter_context(as_owner(scratch.name))
        rebuilt = Rebuild(copies, outbox, scratch, made, Keyring.parse(setting("FRONTDESK_EVENT_KEYS")))
        progress = Progress(copies.consumer, Inbox(snapshot, copies.consumer).count())
        rebuilt.fill(snapshot, progress.hear)
        progress.end()
        found = _without_seeded(rebuilt.differences(snapshot), seeded, telling.outcome)
        mender = Mender(rebuilt, stack.enter_context(as_owner(copies.service))) if apply else None
        for some in _chunks(found):
            _settle(some, rebuilt, snapshot, mender, telling)


def _settle(
    some: list[Difference], rebuilt: Rebuild, snapshot: Connection, mender: Mender | None, telling: _Telling
) -> None:
    about = {one.about for one in some}
    left = mender.mend(about) if mender else rebuilt.left(snapshot, about)
    for one in some:
        telling.differs(one, left.get(one.about))
    if mender:
        telling.outcome.mended += sum(one.about not in left for one in some)


def _without_seeded(found: Iterable[Difference], seeded: set[UUID], outcome: Outcome) -> Iterator[Difference]:
    """A seed writes copies beside their source and tells no facts."""
    for one in found:
        if one.kind is Kind.INVENTED and one.about[0] in seeded:
            outcome.seeded += 1
        else:
            yield one


def _chunks(found: Iterable[Difference]) -> Iterator[list[Difference]]:
    """Some aggregates at a time, each whole."""
    some: list[Difference] = []
    for _, rows in groupby(found, key=lambda one: (one.table.name, one.about)):
        some += rows
        if len(some) >= AT_ONCE:
            yield some
            some = []
    if some:
        yield some


@contextmanager
def _snapshot(service: str) -> Iterator[Connection]:
    with as_owner(service) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        yield connection


@contextmanager
def _alone(service: str) -> Iterator[None]:
    """Refuses beside another rebuild, and where the live database is not what this code expects."""
    with as_owner(service) as connection:
        if missing := unmigrated(connection, service):
            raise CannotRebuild(f"{service} has not run {', '.join(missing)}: give `frontdesk migrate` first")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('frontdesk-rebuild', 0))")
            if cursor.fetchone() != (True,):
                raise CannotRebuild(f"another rebuild of {service} is at work: wait for its end")
        connection.commit()
        yield
