"""Replay: published events once more, byte for byte, through the relay's own way of publishing.

What a consumer has taken has no effect again; what it has missed is taken now. Bindings are
mended first, since a lost one is the usual reason.
"""

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg2.extensions import connection as Connection  # noqa: N812

from shared.config import database_url
from shared.database.pool import connect
from shared.events.registry import CONSUMERS, aggregate_of
from shared.messaging.outbox_rows import COLUMNS, OutboxRow, OutboxRows
from shared.messaging.publishing import Publishing
from shared.messaging.wake import Waker

_PUBLISHED = f"""
SELECT {COLUMNS} FROM outbox
WHERE published_at IS NOT NULL AND id > %(after)s AND id <= %(last)s
  AND (%(aggregate)s::text IS NULL OR aggregate_type = %(aggregate)s)
  AND (%(subject)s::uuid IS NULL OR aggregate_id = %(subject)s)
  AND (%(type)s::text IS NULL OR type = %(type)s)
  AND (%(since)s::timestamptz IS NULL OR occurred_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR occurred_at < %(until)s)
ORDER BY id LIMIT %(limit)s
"""  # noqa: S608  # the columns are a constant

_LAST = "SELECT coalesce(max(id), 0) AS last FROM outbox"


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which published events. Instants are business time, `until` is not included; None chooses all."""

    source: str
    aggregate: str | None = None
    subject: UUID | None = None
    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass
class Outcome:
    """What a replay did. `released` were unpublished and held back: the relay has them now."""

    published: int = 0
    refused: int = 0
    released: int = 0


def selection_for(consumer: str) -> Selection:
    """All that a consumer listens to. Raises LookupError for a name that the registry lacks."""
    for known in CONSUMERS:
        if known.name == consumer:
            aggregate = aggregate_of(known.shape)
            return Selection(source=aggregate.source, aggregate=aggregate.name)
    raise LookupError(consumer)


def replay(selection: Selection, broker: str) -> Outcome:
    """Publishes the selection again and waits for every confirm. Raises BrokerAway, psycopg2.Error."""
    outcome = Outcome()
    with closing(connect(database_url(selection.source, "relay"))) as connection:
        connection.autocommit = True
        outcome.released = OutboxRows(connection).release()
        Waker.once(database_url(selection.source, "relay"))
        rows = _ReplayRows(connection, selection, outcome)
        Publishing(broker, rows, _Silent(), ends_when_idle=True).run()
    return outcome


class _ReplayRows:
    """Published rows as a Source. A cursor is safe here: these rows are settled and end at an id known beforehand."""

    def __init__(self, connection: Connection, selection: Selection, outcome: Outcome) -> None:
        self._connection = connection
        self._params: dict[str, Any] = dict(vars(selection))
        self._outcome = outcome
        self._after = 0
        self._last = self._all(_LAST, {})[0]["last"]

    def due(self, limit: int, excluding: Collection[int]) -> list[OutboxRow]:
        params = {**self._params, "after": self._after, "last": self._last, "limit": limit}
        rows = [OutboxRow(**row) for row in self._all(_PUBLISHED, params)]
        self._after = rows[-1].id if rows else self._last
        return rows

    def stamp(self, ids: Sequence[int]) -> None:
        self._outcome.published += len(ids)

    def hold_back(self, rows: Sequence[OutboxRow], reason: str) -> None:
        self._outcome.refused += len(rows)

    def _all(self, statement: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, params)
            return [dict(row) for row in cursor.fetchall()]


class _Silent:
    """Nobody counts a replay: its outcome is printed."""

    def published(self, count: int) -> None: ...

    def held_back(self, row: OutboxRow, reason: str) -> None: ...

    def blocked(self, *, now: bool) -> None: ...
