"""Statements that are planned once a connection."""

from collections.abc import Callable
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg2
import pytest

from gateway.repository import AccountsUnit
from services.billing.repository import BillingUnitOfWork
from services.notifications.repository import NotificationsUnitOfWork
from services.records.repository import RecordsUnitOfWork
from services.scheduling.repository import SchedulingUnitOfWork
from shared.database import unit_of_work
from shared.database.pool import connect
from shared.database.prepared import Prepared
from shared.database.statements import Statements
from shared.database.unit_of_work import UnitOfWork

UNITS: dict[str, type[UnitOfWork]] = {
    "scheduling": SchedulingUnitOfWork,
    "records": RecordsUnitOfWork,
    "billing": BillingUnitOfWork,
    "notifications": NotificationsUnitOfWork,
    "gateway": AccountsUnit,
}
_BASE = Statements.beside(unit_of_work.__file__)


@pytest.mark.parametrize("service", UNITS)
def test_postgresql_finds_a_type_for_every_parameter_of_every_statement(
    service: str, database: Callable[[str], Any]
) -> None:
    """With values in the text a value has its own type; a parameter has that of its place, which must tell.

    Seen red by: `start_at >= %(from_at)s - interval` without a cast, which takes the parameter for an interval.
    """
    wrong = {}
    with closing(psycopg2.connect(database(service).admin)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        for statements in (UNITS[service].statements, _BASE):
            for name in statements.names():
                prepared = statements.prepared(name)
                if prepared is None or "VALUES %s" in statements[name]:  # never prepared: as many rows as there are
                    continue
                try:
                    cursor.execute(prepared.preparation)
                except psycopg2.Error as error:
                    wrong[name] = str(error).splitlines()[0]
    assert wrong == {}


def test_a_statement_is_prepared_once_a_connection_and_planned_no_more(database: Callable[[str], Any]) -> None:
    """Seen red by: a preparation that is not kept in mind, which PostgreSQL refuses the second time."""
    doubled = Prepared("twice", "-- twice\nSELECT %(n)s::int * 2 AS twice, %(n)s::text || '%%' AS said")
    for _ in range(2):
        with closing(connect(database("scheduling").admin)) as connection, connection.cursor() as cursor:
            for n in (3, 4):
                doubled.execute_on(cursor, {"n": n})
                row: Any = cursor.fetchone()
                assert dict(row) == {"twice": 2 * n, "said": f"{n}%"}
            connection.rollback()
            doubled.execute_on(cursor, {"n": 5})  # a transaction that is rolled back takes no preparation with it
            cursor.execute("SELECT generic_plans + custom_plans AS plans FROM pg_prepared_statements")
            rows: list[Any] = cursor.fetchall()
            assert [row["plans"] for row in rows] == [3]


def test_ids_may_come_as_text_where_they_are_cast(database: Callable[[str], Any]) -> None:
    """Seen red by: the cast left to the preparation alone, which takes no list of texts for one of ids."""
    listed = Prepared("listed", "SELECT %(ids)s::uuid[] AS ids, %(id)s::uuid AS id")
    with closing(connect(database("scheduling").admin)) as connection, connection.cursor() as cursor:
        listed.execute_on(cursor, {"ids": [str(UUID(int=7))], "id": str(UUID(int=8))})
        row: Any = cursor.fetchone()
        assert row["id"] == UUID(int=8)


def test_values_come_through_as_they_are(database: Callable[[str], Any]) -> None:
    kept = Prepared(
        "kept", "SELECT %(id)s::uuid AS id, %(ids)s::uuid[] AS ids, %(words)s::text AS words, %(no)s::int AS no"
    )
    given: dict[str, Any] = {"id": UUID(int=7), "ids": [], "words": "it's \\ 100 % ünö'", "no": None}
    with closing(connect(database("scheduling").admin)) as connection, connection.cursor() as cursor:
        kept.execute_on(cursor, given)
        row: Any = cursor.fetchone()
        assert {**row, "ids": []} == given
