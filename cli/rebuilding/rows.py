"""Rows of a copy, in use or made anew, and how the two differ: by id and by the names of columns, never by values."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from cli.rebuilding.copies import Table

# Which fact-told thing a row is of: (network_id, the aggregate's id).
About = tuple[UUID, UUID]

_ALL = "SELECT t.network_id, {key}, row_to_json(t) FROM {table} t ORDER BY t.network_id, {key}"
_OF = """
SELECT t.network_id, {key}, row_to_json(t) FROM {table} t
JOIN unnest(%s::uuid[], %s::uuid[]) AS about (network_id, id) ON t.network_id = about.network_id AND {id} = about.id
ORDER BY t.network_id, {key}
"""
_LOCK = _OF + "FOR UPDATE OF t"


class Kind(StrEnum):
    """How a row in use differs from one made anew."""

    MISSING = "missing"
    ALTERED = "altered"
    INVENTED = "invented"


@dataclass(frozen=True)
class Row:
    """`key` begins with network and aggregate; `values` is the whole row as JSON has it."""

    key: tuple[Any, ...]
    values: dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """One row. `made` is what it has to be; None where nothing tells of it. `columns` are those that differ."""

    table: Table
    key: tuple[Any, ...]
    kind: Kind
    columns: tuple[str, ...]
    made: dict[str, Any] | None

    @property
    def about(self) -> About:
        return self.key[:2]

    def __str__(self) -> str:
        names = f": {', '.join(self.columns)}" if self.columns else ""
        return f"{self.table.name} {'/'.join(map(str, self.key[1:]))} (network {self.key[0]}) {self.kind}{names}"


def every_row(connection: Connection, table: Table) -> Iterator[Row]:
    """All rows in the order of their keys, a few thousand of them in memory at once."""
    with connection.cursor(name=f"every_{table.name}") as cursor:
        cursor.itersize = 2000
        cursor.execute(_statement(_ALL, table))
        yield from map(_row, cursor)


def rows_of(connection: Connection, table: Table, about: Collection[About]) -> list[Row]:
    """The rows about these, in the order of their keys."""
    return _rows(connection, _OF, table, about)


def lock_rows(connection: Connection, table: Table, about: Collection[About]) -> None:
    """Keeps these rows as they are until the transaction ends; locked in the order in which handlers lock them."""
    _rows(connection, _LOCK, table, about)


def differences(table: Table, in_use: Iterable[Row], made: Iterable[Row]) -> Iterator[Difference]:
    """Both in the order of their keys."""
    both_sides = merge(_of_side("in use", in_use), _of_side("made", made), key=itemgetter(0))
    for key, found in groupby(both_sides, key=itemgetter(0)):
        both = {side: row.values for _, side, row in found}
        if difference := _difference(table, key, both.get("in use"), both.get("made")):
            yield difference


def _of_side(side: str, rows: Iterable[Row]) -> Iterator[tuple[tuple[Any, ...], str, Row]]:
    return ((row.key, side, row) for row in rows)


def _difference(
    table: Table, key: tuple[Any, ...], in_use: dict[str, Any] | None, made: dict[str, Any] | None
) -> Difference | None:
    if in_use is None or made is None:
        return Difference(table, key, Kind.INVENTED if made is None else Kind.MISSING, (), made)
    unlike = tuple(name for name in table.told if in_use[name] != made[name])
    return Difference(table, key, Kind.ALTERED, unlike, made) if unlike else None


def _rows(connection: Connection, statement: str, table: Table, about: Collection[About]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(statement, table), columns_of(about))
        return [_row(row) for row in cursor.fetchall()]


def columns_of(about: Collection[About]) -> tuple[list[UUID], list[UUID]]:
    """As two arrays, for `unnest`."""
    ordered = sorted(about)
    return [network for network, _ in ordered], [aggregate for _, aggregate in ordered]


def _row(fetched: Sequence[Any]) -> Row:
    return Row(tuple(fetched[:-1]), fetched[-1])


def _statement(text: str, table: Table) -> sql.Composed:
    key = sql.SQL(", ").join(sql.Identifier("t", name) for name in table.key)
    return sql.SQL(text).format(key=key, table=sql.Identifier(table.name), id=sql.Identifier("t", table.key[0]))
