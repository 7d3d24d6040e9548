"""The rows of the four services as they once were, kept beside them, so that a broken system is whole again at once."""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import psycopg2
from checker import SERVICES

_TRIES = 20
_COLUMNS = """
SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND c.relkind = 'r'
  AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'schema_migrations'
GROUP BY c.relname
"""


class KeptRows:
    """Kept when it is made. `url_of("scheduling")` is a superuser's URL."""

    def __init__(self, url_of: Callable[[str], str]) -> None:
        self._url_of = url_of
        for service in SERVICES:
            self._run(service, "CREATE SCHEMA kept")
            for table, _ in self._tables(service):
                self._run(service, f"CREATE TABLE kept.{table} AS TABLE public.{table}")

    def put_back(self) -> None:
        """In one transaction a service; nothing may be on its way between services meanwhile."""
        for service in SERVICES:
            tables = list(self._tables(service))
            names = ", ".join(f"public.{table}" for table, _ in tables)
            back = (
                f"INSERT INTO public.{table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM kept.{table}"
                for table, columns in tables
            )
            # As a replica, so that neither triggers nor references have a say in what was right before.
            self._in_turn(service, "; ".join(["SET session_replication_role = replica", f"TRUNCATE {names}", *back]))

    def _tables(self, service: str) -> Iterator[tuple[str, str]]:
        with closing(psycopg2.connect(self._url_of(service))) as connection, connection.cursor() as cursor:
            cursor.execute(_COLUMNS)
            yield from cursor.fetchall()

    def _in_turn(self, service: str, statement: str) -> None:
        """Jobs look at the same tables meanwhile, in another order: of two that wait for each other one ends."""
        for _ in range(_TRIES - 1):
            with suppress(psycopg2.errors.DeadlockDetected):
                return self._run(service, statement)
        return self._run(service, statement)

    def _run(self, service: str, statement: str) -> None:
        with closing(psycopg2.connect(self._url_of(service))) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement)
