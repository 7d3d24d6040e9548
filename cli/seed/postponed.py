"""Indexes and constraints that are made after the rows: sorting them once is many times faster than row by row.

Only where nobody works meanwhile: until they stand again, whoever meets the same row twice fails. The exclusion
constraints stay, so no time is ever given twice (and to build them costs more than to keep them). What is to be made
lies in a table of the database itself, so that a seed that was killed can be mended by the next.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from cli.seed.copying import administrators
from cli.seed.tables import tables_of
from shared.database.migrate import SERVICES

_NOTE = "seed_postponed"
# Jobs look into these every second, and a seed adds next to nothing to them: without them a job reads whole tables.
KEPT = ("encounters_awaits_bill_idx", "texts_due_idx", "texts_due_key", "texts_claimed_idx", "texts_in_hand_idx")

# Foreign keys go first and come last; the index of a constraint goes with it.
_CONSTRAINTS = """
SELECT conrelid::regclass::text AS of_table, conname AS name,
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
           AS made_by, contype = 'f' AS is_foreign
FROM pg_constraint
WHERE contype IN ('f', 'u', 'p')
  AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[]))
ORDER BY contype = 'f' DESC, conrelid::regclass::text, conname
"""
_INDEXES = """
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made_by
FROM pg_index WHERE indrelid = ANY(%(tables)s::regclass[]) AND indexrelid::regclass::text <> ALL(%(kept)s)
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('x', 'u', 'p'))
ORDER BY indrelid::regclass::text, indexrelid::regclass::text
"""
_KEEP = f"INSERT INTO {_NOTE} (name, made_by) VALUES (%s, %s)"  # noqa: S608
Say = Callable[[str], None]


@contextmanager
def indexes(say: Say, *, wanted: bool) -> Iterator[None]:
    """Meanwhile the tables of a seed have neither indexes nor constraints, where that is wanted."""
    if wanted:
        say("indexes and constraints are made after the rows: nobody should work here until then")
        for service in SERVICES:
            drop(service)
    try:
        yield
    finally:
        mend(say)


def mend(say: Say) -> None:
    """Makes all that was postponed and not made yet, in all databases; the constraints are checked by being made."""
    waiting = [service for service in SERVICES if is_postponed(service)]
    if waiting:
        say(f"indexes and constraints are made in {', '.join(waiting)}")
        with ThreadPoolExecutor(len(waiting)) as threads:
            list(threads.map(make, waiting))


def is_postponed(database: str) -> bool:
    """Whether something is still to be made there."""
    with closing(administrators(database)) as connection, connection.cursor() as cursor:
        return _has_note(cursor)


def drop(database: str) -> None:
    """Drops indexes and constraints of a seed's tables, and notes how each is made, in one transaction."""
    with closing(administrators(database)) as connection, connection, connection.cursor() as cursor:
        tables = {"tables": tables_of(database), "kept": list(KEPT)}
        cursor.execute(_CONSTRAINTS, tables)
        constraints = cursor.fetchall()
        cursor.execute(_INDEXES, tables)
        plain = cursor.fetchall()
        cursor.execute(f"CREATE TABLE {_NOTE} (place serial PRIMARY KEY, name text, made_by text)")
        made_again = [row for row in constraints if not row[3]], [row for row in constraints if row[3]]
        for rows in (made_again[0], [(None, *row) for row in plain], made_again[1]):
            cursor.executemany(_KEEP, [(row[1], row[2]) for row in rows])
        for table, name, *_ in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in plain:
            cursor.execute(f"DROP INDEX {name}")


def make(database: str) -> None:
    """Makes what the note names, one by one, and drops the note."""
    with closing(administrators(database)) as connection, connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(f"SELECT place, made_by FROM {_NOTE} ORDER BY place")  # noqa: S608
        for place, made_by in cursor.fetchall():
            cursor.execute(made_by)
            cursor.execute(f"DELETE FROM {_NOTE} WHERE place = %s", (place,))  # noqa: S608
            connection.commit()
        cursor.execute(f"DROP TABLE {_NOTE}")
        connection.commit()


def _has_note(cursor: Cursor) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", (_NOTE,))
    return cursor.fetchone() == (True,)
