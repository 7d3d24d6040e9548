"""Puts rows made anew in the place of those in use, some aggregates at a time, while the service works.

A transaction locks the rows, looks whether the handler has taken anything since, and only then writes: no more than
what the facts that were taken say, so that a later fact finds what it would have found. A handler that is at work on
one of them comes before (its fact is then made here too) or after (its newer version takes our row's place).
"""

import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from json import dumps

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

import shared.database.session as base
from cli.operator import operator
from cli.rebuilding.copies import Table
from cli.rebuilding.rebuild import Left, Rebuild
from cli.rebuilding.rows import About, Difference, Kind, differences, lock_rows, rows_of
from shared.clock import BusinessClock
from shared.database.audit import AuditEntry, Written, write_entries
from shared.database.errors import is_worth_retrying
from shared.database.session import Session
from shared.database.statements import Statements

TRIES = 4
_PAUSE_S = 0.5
# What may be over at the next try.
_PASSING = (Left.CHANGES, Left.ON_ITS_WAY)

_DELETE = "DELETE FROM {table} t USING json_populate_recordset(NULL::{table}, %s::json) made WHERE {same}"
_UPDATE = """
UPDATE {table} t SET ({told}) = ROW({made}) FROM json_populate_recordset(NULL::{table}, %s::json) made WHERE {same}
"""
_INSERT = """
INSERT INTO {table} (network_id, {columns})
SELECT made.network_id, {made} FROM json_populate_recordset(NULL::{table}, %s::json) made ON CONFLICT DO NOTHING
"""


class Mender:
    """Puts one handler's copies right on `in_use`, a connection of its own."""

    def __init__(self, rebuild: Rebuild, in_use: Connection) -> None:
        self._rebuild = rebuild
        self._in_use = in_use
        self._base = Statements.beside(base.__file__)

    def mend(self, about: Collection[About]) -> dict[About, Left]:
        """All rows of these aggregates; those that are left as they are, and why."""
        if self._at_once(about) is None:
            return {}
        found = {one: self._alone(one) for one in sorted(about)}
        return {one: reason for one, reason in found.items() if reason}

    def _alone(self, one: About) -> Left | None:
        reason = self._at_once([one])
        for _ in range(TRIES - 1):
            if reason not in _PASSING:
                break
            time.sleep(_PAUSE_S)
            reason = self._at_once([one])
        return reason

    def _at_once(self, about: Collection[About]) -> Left | None:
        """In one transaction; None where it was committed."""
        self._rebuild.top_up(self._in_use, about)
        self._in_use.rollback()
        try:
            with self._in_use:
                self._mend_locked(about)
        except _LeftAlone as left:
            return left.reason
        except psycopg2.errors.ForeignKeyViolation:
            return Left.REFERRED_TO
        except psycopg2.Error as error:
            if not is_worth_retrying(error):
                raise
            return Left.CHANGES
        return None

    def _mend_locked(self, about: Collection[About]) -> None:
        self._lock(about)
        if left := self._rebuild.left(self._in_use, about):
            raise _LeftAlone(next(iter(left.values())))
        found = list(self._found(about))
        self._write(found)
        self._audit(found)

    def _lock(self, about: Collection[About]) -> None:
        copies = self._rebuild.copies
        with self._in_use.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '3s'")
            if copies.lock:
                names = [f"{network_id}/{copies.lock.format(aggregate)}" for network_id, aggregate in about]
                cursor.execute(self._base["lock-names"], {"names": sorted(names)})
        lock_rows(self._in_use, copies.tables[0], about)

    def _found(self, about: Collection[About]) -> Iterator[Difference]:
        for table in self._rebuild.copies.tables:
            in_use, made = (rows_of(one, table, about) for one in (self._in_use, self._rebuild.made))
            yield from differences(table, in_use, made)

    def _write(self, found: Sequence[Difference]) -> None:
        tables = self._rebuild.copies.tables
        for table in reversed(tables):
            self._run(_DELETE, table, [one for one in found if one.table is table and one.kind is Kind.INVENTED])
        for table in tables:
            for kind, statement in ((Kind.ALTERED, _UPDATE), (Kind.MISSING, _INSERT)):
                rows = [one for one in found if one.table is table and one.kind is kind]
                if rows and self._run(statement, table, rows) != len(rows):
                    raise _LeftAlone(Left.CHANGES)

    def _run(self, statement: str, table: Table, rows: Sequence[Difference]) -> int:
        values = [one.made or dict(zip(("network_id", *table.key), map(str, one.key), strict=True)) for one in rows]
        if not values:
            return 0
        with self._in_use.cursor() as cursor:
            cursor.execute(_written(statement, table), (dumps(values),))
            return int(cursor.rowcount)

    def _audit(self, found: Sequence[Difference]) -> None:
        counted, consumer = Counter((one.about, one.table.name) for one in found), self._rebuild.copies.consumer
        entries = [_entry(about, table, rows, consumer) for (about, table), rows in counted.items()]
        write_entries(Session(self._in_use, self._base), entries, at_once=True)


class _LeftAlone(Exception):
    def __init__(self, reason: Left) -> None:
        super().__init__(reason)
        self.reason = reason


def _entry(about: About, table: str, rows: int, consumer: str) -> Written:
    network_id, aggregate_id = about
    detail = {"consumer": consumer, "rows": rows}
    entry = AuditEntry(action="put_copy_in_place", object_type=table, object_id=str(aggregate_id), detail=detail)
    return Written(operator(network_id), network_id, entry, BusinessClock().now())


def _written(text: str, table: Table) -> sql.Composed:
    mine = (*table.key, *table.told, *table.first)
    values = [sql.SQL(table.first[name]) if name in table.first else _made(name) for name in mine]
    same = [sql.SQL("{} = {}").format(sql.Identifier("t", name), _made(name)) for name in ("network_id", *table.key)]
    inserts = text is _INSERT
    return sql.SQL(text).format(
        table=sql.Identifier(table.name),
        told=sql.SQL(", ").join(map(sql.Identifier, table.told)),
        columns=sql.SQL(", ").join(map(sql.Identifier, mine)),
        made=sql.SQL(", ").join(values if inserts else map(_made, table.told)),
        same=sql.SQL(" AND ").join(same),
    )


def _made(name: str) -> sql.Identifier:
    return sql.Identifier("made", name)
