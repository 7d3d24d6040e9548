"""The catalogue of every database against the rules of docs/security.md."""

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from shared.database.migrate import DATABASES, SERVICES

SECURITY = Path(__file__).parents[3] / "docs/security.md"
LEDGERS = {"schema_migrations"}
TENANT_CLAUSE = "(network_id = (NULLIF(current_setting('frontdesk.network_id'::text, true), ''::text))::uuid)"


def ask(url: str, statement: str, *params: Any) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def stated_exceptions() -> set[tuple[str, str, str]]:
    """(table, role, command) of the table in docs/security.md."""
    section = SECURITY.read_text(encoding="utf-8").split("## Exceptions to the tenant's policy")[1]
    found = re.findall(r"^\| (\w+) \| (\w+) \| (\w+) \|", section, re.MULTILINE)
    return {row for row in found if row[0] != "table"}


@pytest.mark.parametrize("service", DATABASES)
def test_every_table_forces_row_level_security(service: str, database: Callable[[str], Any]) -> None:
    """Seen red by: a migration that forgets frontdesk_tenant_table."""
    tables = ask(
        database(service).admin,
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
        " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace",
    )
    assert {name for name, forced in tables if not forced} <= LEDGERS


@pytest.mark.parametrize("service", DATABASES)
def test_every_policy_is_the_tenants_or_a_stated_exception(service: str, database: Callable[[str], Any]) -> None:
    policies = ask(
        database(service).admin,
        "SELECT tablename, policyname, coalesce(roles[1]::text, ''), cmd, coalesce(qual, ''), coalesce(with_check, '')"
        " FROM pg_policies WHERE schemaname = 'public'",
    )
    odd = set()
    for table, name, role, command, using, check in policies:
        if name == "tenant":
            assert (using, check) == (TENANT_CLAUSE, TENANT_CLAUSE), table
        else:
            odd.add((table, role.removeprefix(f"{service}_"), command))
    assert odd <= stated_exceptions()


@pytest.mark.parametrize("service", DATABASES)
def test_application_roles_own_nothing_and_never_bypass(service: str, database: Callable[[str], Any]) -> None:
    urls = database(service)
    owners = ask(
        urls.admin,
        "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace",
    )
    assert owners == [("frontdesk_owner",)]
    assert ask(urls.admin, "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolbypassrls AND NOT rolsuper") == []


@pytest.mark.parametrize("service", SERVICES)
def test_the_relay_reads_the_outbox_and_nothing_else(service: str, database: Callable[[str], Any]) -> None:
    granted = ask(
        database(service).admin,
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = %s",
        f"{service}_relay",
    )
    assert set(granted) == {("outbox", "SELECT"), ("outbox", "UPDATE")}


@pytest.mark.parametrize("service", DATABASES)
def test_unique_and_foreign_keys_of_tenant_tables_include_the_network(
    service: str, database: Callable[[str], Any]
) -> None:
    """A key over a bare id tells one network what another has. UUIDs made here are the one exception."""
    keys = ask(
        database(service).admin,
        "SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c"
        " WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace"
        " AND NOT EXISTS (SELECT 1 FROM unnest(c.conkey) k"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k"
        " WHERE a.attname = 'network_id')",
    )
    assert keys == []


@pytest.mark.parametrize("service", DATABASES)
def test_definer_functions_are_owned_by_the_owner_with_a_fixed_search_path(
    service: str, database: Callable[[str], Any]
) -> None:
    functions = ask(
        database(service).admin,
        "SELECT proname, pg_get_userbyid(proowner), array_to_string(proconfig, ',') FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace",
    )
    stated = SECURITY.read_text(encoding="utf-8")
    for name, owner, config in functions:
        assert owner == "frontdesk_owner"
        assert "search_path" in (config or ""), name
        assert f"`{name}`" in stated, f"{name} is not in docs/security.md"


@pytest.mark.parametrize("service", DATABASES)
def test_views_ask_as_their_reader(service: str, database: Callable[[str], Any]) -> None:
    views = ask(
        database(service).admin,
        "SELECT relname, coalesce(array_to_string(reloptions, ','), '') FROM pg_class"
        " WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace",
    )
    assert [name for name, options in views if "security_invoker=true" not in options] == []
