"""Asks the databases of one network whether they agree with each other, however many rows they hold."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

from psycopg2.extensions import connection as Connection  # noqa: N812

from cli.consistency_rules import EQUAL, NEVER
from shared.database.migrate import role_of

_DIGEST = """
SELECT h & 255, count(*), sum(h::numeric) FROM (SELECT hashtextextended(q::text, 0) AS h FROM ({}) q) hashed GROUP BY 1
"""
_ROWS = "SELECT q::text FROM ({}) q WHERE hashtextextended(q::text, 0) & 255 = ANY(%s)"


class Consistency:
    """One network as its services see it. `connect("scheduling")` gives an administrator's connection."""

    def __init__(self, connect: Callable[[str], Connection], network_id: UUID) -> None:
        self._connect = connect
        self._network_id = network_id

    def faults(self) -> list[str]:
        """What is wrong, a sentence each; ids alone are named."""
        return [*self._found(), *self._unequal()]

    def _found(self) -> Iterator[str]:
        for service, what, query in NEVER:
            if rows := self._ask(service, query):
                yield f"{service}: {what}: {len(rows)}, {_some([row[0] for row in rows])}"

    def _unequal(self) -> Iterator[str]:
        for what, (source, wanted), (holder, held) in EQUAL:
            here, there = self._digest(source, wanted), self._digest(holder, held)
            if unlike := [bucket for bucket in here.keys() | there.keys() if here.get(bucket) != there.get(bucket)]:
                yield f"{what}: {self._outer_join(unlike, (source, wanted), (holder, held))}"

    def _digest(self, service: str, query: str) -> dict[int, tuple[int, int]]:
        """Count and sum of the rows' hashes in each of 256 buckets: ten million rows are compared where they are."""
        return {bucket: (count, total) for bucket, count, total in self._ask(service, _DIGEST.format(query))}

    def _outer_join(self, unlike: list[int], one: tuple[str, str], other: tuple[str, str]) -> str:
        sides = [Counter(self._ask(it[0], _ROWS.format(it[1]), unlike[:_SHOWN])) for it in (one, other)]
        only = (
            f"only in {it[0]} {_keys(rows)}" for it, rows in ((one, sides[0] - sides[1]), (other, sides[1] - sides[0]))
        )
        return "; ".join(only)

    def _ask(self, service: str, query: str, *params: Any) -> list[tuple[Any, ...]]:
        with closing(self._connect(service)) as connection, connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role_of(service, 'app')}")
            cursor.execute("SELECT set_config('frontdesk.network_id', %s, false)", (str(self._network_id),))
            cursor.execute("SET statement_timeout = 0; SET work_mem = '256MB'")
            cursor.execute(query, params or None)
            return cursor.fetchall()


_SHOWN = 3


def _keys(rows: Counter[tuple[Any, ...]]) -> str:
    # A row is shown by its id alone: the rest may be a patient's name.
    return _some([text.strip("()").partition(",")[0] for (text,) in rows])


def _some(found: list[Any]) -> str:
    return ", ".join(map(str, found[:_SHOWN])) or "nothing"
