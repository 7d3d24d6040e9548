"""Numbered plain SQL, each file once."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from fix_servers import execute

from shared.database.migrate import Migration, MigrationChanged, create_database, migrate

FIRST = Migration("t/0001_first", "CREATE TABLE firsts (n int)")
SECOND = Migration("t/0002_second", "CREATE TABLE seconds (n int)")


@pytest.fixture
def empty(postgres_server: str) -> Iterator[str]:
    name = f"empty_{secrets.token_hex(6)}"
    yield create_database(postgres_server, name, "scheduling")
    execute(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


def tables(url: str) -> set[str]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        return {name for (name,) in cursor.fetchall()}


def test_a_migration_runs_once(empty: str) -> None:
    assert migrate(empty, "scheduling", [FIRST]) == ["t/0001_first"]
    assert migrate(empty, "scheduling", [FIRST, SECOND]) == ["t/0002_second"]
    assert migrate(empty, "scheduling", [FIRST, SECOND]) == []


def test_a_file_that_changed_after_it_ran_is_refused_before_anything_runs(empty: str) -> None:
    migrate(empty, "scheduling", [FIRST])
    with pytest.raises(MigrationChanged, match="t/0001_first"):
        migrate(empty, "scheduling", [SECOND, Migration(FIRST.name, "CREATE TABLE others (n int)")])
    assert tables(empty) == {"schema_migrations", "firsts"}


def test_a_migration_that_fails_leaves_nothing_of_itself(empty: str) -> None:
    with pytest.raises(psycopg2.Error):
        migrate(empty, "scheduling", [FIRST, Migration("t/0002_bad", "CREATE TABLE bads (n int); SELECT 1/0")])
    assert tables(empty) == {"schema_migrations", "firsts"}


def test_while_a_migration_waits_for_a_table_others_go_on(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen red by: waiting for the lock as long as it takes; giving up at the first refusal."""
    monkeypatch.setattr("shared.database.migrate.LOCK_SECONDS", 0.2)
    migrate(empty, "scheduling", [FIRST])
    wider = Migration("t/0002_wider", "ALTER TABLE firsts ADD COLUMN m int")
    with closing(psycopg2.connect(empty)) as holder, ThreadPoolExecutor(1) as one:
        with holder.cursor() as cursor:
            cursor.execute("SELECT * FROM firsts")
        running = one.submit(migrate, empty, "scheduling", [FIRST, wider])
        with closing(psycopg2.connect(empty, options="-c statement_timeout=20s")) as reader:
            _wait_for_a_lock(reader)
            with reader.cursor() as cursor:
                cursor.execute("SELECT * FROM firsts")
        assert not running.done()
        holder.rollback()
        assert running.result() == [wider.name]


def _wait_for_a_lock(connection: Any) -> None:
    """Until the migration waits for its table."""
    waiting = False
    while not waiting:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND locktype = 'relation'")
            ((waiting,),) = cursor.fetchall()


def test_two_runs_at_once_wait_for_each_other(empty: str) -> None:
    """Seen red by: leaving out the advisory lock."""

    def run(_: int) -> Any:
        return migrate(empty, "scheduling", [FIRST, SECOND])

    with ThreadPoolExecutor(4) as many:
        ran = sorted(many.map(run, range(4)), key=len)
    assert ran == [[], [], [], ["t/0001_first", "t/0002_second"]]
