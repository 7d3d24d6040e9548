"""The facts of an aggregate as its source's outbox holds them, and which of them a consumer has taken."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg2.extensions import connection as Connection  # noqa: N812

from cli.rebuilding.copies import Copies
from cli.rebuilding.rows import About, columns_of
from shared.events.encryption import Keyring
from shared.events.envelope import UnreadableEvent, decode
from shared.messaging.inbox import Fact
from shared.messaging.outbox_rows import COLUMNS

PAGE = 500
_ADVICE = ": rebuild with the newest code, and with FRONTDESK_EVENT_KEYS that hold the old keys too"

_PAGE = f"""
SELECT aggregate_id, {COLUMNS} FROM outbox
WHERE aggregate_type = %(name)s AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""  # noqa: S608  # the columns are a constant

_ABOUT = f"""
SELECT aggregate_id, {COLUMNS} FROM outbox
WHERE aggregate_type = %(name)s AND (network_id, aggregate_id) IN
    (SELECT * FROM unnest(%(networks)s::uuid[], %(ids)s::uuid[]))
ORDER BY id
"""  # noqa: S608  # the same

_COUNT = "SELECT count(*) FROM inbox WHERE consumer = %s AND outcome <> 'discarded'"
_TAKEN = "SELECT event_id FROM inbox WHERE consumer = %s AND outcome <> 'discarded' AND event_id = ANY(%s::uuid[])"
_TAKEN_ABOUT = """
SELECT event_id, network_id, aggregate_id FROM inbox
WHERE consumer = %s AND outcome <> 'discarded' AND aggregate_id = ANY(%s::uuid[])
"""
# A discarded one that nobody could read bears no aggregate.
_DISCARDED = "SELECT event_id FROM inbox WHERE consumer = %s AND outcome = 'discarded' AND event_id = ANY(%s::uuid[])"


class CannotRebuild(Exception):
    """A sentence that says why, and what to do."""


@dataclass(frozen=True)
class Told:
    """One event of an outbox, not read yet."""

    event_id: UUID
    about: About
    body: str

    def fact(self, keyring: Keyring) -> Fact:
        """Raises CannotRebuild where it was read once and cannot be read now."""
        try:
            return decode(json.loads(self.body), keyring)
        except UnreadableEvent as error:
            raise CannotRebuild(f"event {self.event_id} cannot be read ({error.reason}){_ADVICE}") from None


class Outbox:
    """What the source told of an aggregate."""

    def __init__(self, connection: Connection, copies: Copies) -> None:
        self._connection = connection
        self._name = copies.aggregate.name

    def pages(self) -> Iterator[list[Told]]:
        """All of it, in the order in which it was told."""
        after = 0
        while rows := self._all(_PAGE, after=after, limit=PAGE):
            after = rows[-1][1]
            yield [_told(row) for row in rows]

    def about(self, about: Collection[About]) -> list[Told]:
        """All that was told about these."""
        networks, ids = columns_of(about)
        return [_told(row) for row in self._all(_ABOUT, networks=networks, ids=ids)]

    def _all(self, statement: str, **params: Any) -> list[tuple[Any, ...]]:
        with self._connection, self._connection.cursor() as cursor:
            cursor.execute(statement, {"name": self._name, **params})
            return cursor.fetchall()


class Inbox:
    """What a consumer has taken, as one connection sees it."""

    def __init__(self, connection: Connection, consumer: str) -> None:
        self._connection = connection
        self._consumer = consumer

    def count(self) -> int:
        return int(self._all(_COUNT)[0][0])

    def taken(self, told: Collection[Told]) -> list[Told]:
        """Those of them that were taken, in their order."""
        taken = {event_id for (event_id,) in self._all(_TAKEN, [one.event_id for one in told])}
        return [one for one in told if one.event_id in taken]

    def about(self, about: Collection[About]) -> dict[About, set[UUID]]:
        """Ids of all that was taken about each of these, whoever told it."""
        found: dict[About, set[UUID]] = {one: set() for one in about}
        for event_id, network_id, aggregate_id in self._all(_TAKEN_ABOUT, [aggregate for _, aggregate in about]):
            found.get((network_id, aggregate_id), set()).add(event_id)
        return found

    def discarded(self, told: Collection[Told]) -> set[UUID]:
        """Ids of those that a person gave up."""
        return {event_id for (event_id,) in self._all(_DISCARDED, [one.event_id for one in told])}

    def _all(self, statement: str, *params: Any) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, (self._consumer, *params))
            return cursor.fetchall()


def _told(row: tuple[Any, ...]) -> Told:
    aggregate_id, _, event_id, _, network_id, _, body = row
    return Told(UUID(event_id), (UUID(network_id), aggregate_id), body)
