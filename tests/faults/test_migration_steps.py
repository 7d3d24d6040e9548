"""A migration that ends or errs in any of its steps is begun again and ends as if nothing had been."""

import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from fix_servers import execute

from cli.instance import ROOT
from shared.database.migrate import create_database, migrate, migrations_of

SERVICE = "notifications"  # it has the most steps
_MIGRATE = "import sys; from shared.database.migrate import migrate; migrate(*sys.argv[1:])"
_SHAPE = """
SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
WHERE table_schema = 'public'
UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '' FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT tablename, policyname, qual, with_check, cmd FROM pg_policies WHERE schemaname = 'public'
UNION ALL SELECT relname, relacl::text, relrowsecurity::text, '', '' FROM pg_class
WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT proname, prosrc, proacl::text, prosecdef::text, '' FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
"""


@pytest.fixture
def databases(postgres_server: str) -> Iterator[tuple[str, str]]:
    """Two empty ones: one to be migrated in peace, one to be disturbed."""
    names = [f"{SERVICE}_{secrets.token_hex(6)}" for _ in range(2)]
    yield tuple(create_database(postgres_server, name, SERVICE) for name in names)
    for name in names:
        execute(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.parametrize("action", ["kill", "raise", "reset"])
def test_a_migration_that_breaks_in_each_of_its_steps_ends_as_one_in_peace(
    databases: tuple[str, str], action: str
) -> None:
    """It breaks once at every step, and is begun again each time.

    Seen red by: a commit between a step and its row in the ledger.
    """
    peaceful, disturbed = databases
    migrate(peaceful, SERVICE)
    names = [migration.name for migration in migrations_of(SERVICE)]
    for place in range(len(names)):
        assert broken(disturbed, f"migrate.after-step:{min(place, 1) + 1}:{action}") == (action == "kill")
        assert [name for (name,) in rows(disturbed, "SELECT name FROM schema_migrations ORDER BY applied_at")] == names[
            :place
        ]
    assert migrate(disturbed, SERVICE) == names[-1:]
    assert sorted(map(str, rows(disturbed, _SHAPE))) == sorted(map(str, rows(peaceful, _SHAPE)))


def broken(url: str, failpoint: str) -> bool:
    """Migrates until it breaks there; whether that killed the process."""
    settings = {"FRONTDESK_FAILPOINTS": "1", "FAILPOINT": failpoint}
    ended = subprocess.run([sys.executable, "-c", _MIGRATE, url, SERVICE], cwd=ROOT, env=settings, check=False)
    assert ended.returncode
    return ended.returncode == -signal.SIGKILL


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
