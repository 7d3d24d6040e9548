"""Statements that wait for the next one: in order, together or not at all, and never left over."""

import base64
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from fix_servers import execute

from shared.asker import Asker
from shared.clock import BusinessClock
from shared.database.connection import Connection
from shared.database.errors import OutcomeUnknown
from shared.database.idempotency import CommandKey, hash_of
from shared.database.pool import Pool
from shared.database.statements import Statements
from shared.database.unit_of_work import Resources, UnitOfWork
from shared.database.units import UnitFactory
from shared.errors import NotFound, Refused
from shared.events.encryption import Keyring
from shared.ids import new_id

NETWORK = new_id()
SAY = "INSERT INTO said (word) VALUES ('{}')"
OPEN = "SELECT FROM pg_stat_activity WHERE usename = 'scheduling_app' AND state LIKE 'idle in transaction%'"


class Taken(Refused):
    slug = "taken"


class PlainUnit(UnitOfWork):
    statements = Statements()


@pytest.fixture
def urls(database: Callable[[str], Any]) -> Any:
    urls = database("scheduling")
    execute(
        urls.admin,
        "CREATE TABLE said (place bigint GENERATED ALWAYS AS IDENTITY, word text UNIQUE, network text DEFAULT"
        " current_setting('frontdesk.network_id')); GRANT SELECT, INSERT ON said TO PUBLIC",
    )
    return urls


@pytest.fixture
def units(urls: Any) -> Iterator[UnitFactory[PlainUnit]]:
    """One connection, so that whoever comes next has what was left over."""
    pool = Pool(urls.app, size=1)
    keyring = Keyring.parse("k1:" + base64.b64encode(b"1" * 32).decode())
    yield UnitFactory("scheduling", PlainUnit, Resources(pool=pool, clock=BusinessClock(""), keyring=keyring))
    pool.close()


def unit(units: UnitFactory[PlainUnit], key: str = "") -> PlainUnit:
    asker = Asker(actor_id="ann", actor_kind="user", network_id=NETWORK, sites=None, scopes=frozenset())
    taken = CommandKey("user:ann", "say", key, hash_of({})) if key else None
    return units.for_call(asker, key=taken, action="say")


def said(urls: Any) -> list[str]:
    with closing(psycopg2.connect(urls.admin)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT word FROM said ORDER BY place")
        return [word for (word,) in cursor.fetchall()]


def ask(connection: Connection, statement: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[Any] = cursor.fetchall()
        return [dict(row) for row in rows]


def test_what_waits_goes_with_the_next_statement_in_order_and_in_its_network(
    units: UnitFactory[PlainUnit], urls: Any
) -> None:
    """Seen red by: a cursor that sends its own statement alone."""
    with unit(units) as uow:
        uow.connection.later(SAY.format("one") + " -- a comment at its end")
        uow.connection.later(SAY.format("two"))
        assert uow.connection.sent == 0
        assert ask(uow.connection, "SELECT count(*) AS n FROM said") == [{"n": 2}]
        assert uow.connection.sent == 1
        assert {row["network"] for row in ask(uow.connection, "SELECT network FROM said")} == {str(NETWORK)}
        uow.connection.later(SAY.format("three"))
        uow.commit()
    assert said(urls) == ["one", "two", "three"]


def test_what_waits_is_not_left_to_whoever_comes_next(units: UnitFactory[PlainUnit], urls: Any) -> None:
    """Seen red by: a connection given back with what waits on it; what waits sent before it is given back."""
    with unit(units) as uow:
        uow.connection.later(SAY.format("forgotten"))
    execute(urls.admin, f"DO $$ BEGIN ASSERT NOT EXISTS ({OPEN}); END $$")
    with unit(units) as uow:
        uow.connection.later(SAY.format("first"))
        uow.commit()
    with pytest.raises(NotFound), unit(units) as uow:
        uow.connection.later(SAY.format("denied"))
        raise NotFound
    with unit(units) as uow:
        uow.connection.later(SAY.format("last"))
        uow.commit()
    assert said(urls) == ["first", "last"]


def test_a_statement_that_fails_with_the_commit_leaves_nothing(units: UnitFactory[PlainUnit], urls: Any) -> None:
    """Seen red by: the failing transaction's connection given back as it is."""
    with pytest.raises(psycopg2.errors.UniqueViolation), unit(units, "k") as uow:
        for word in ("one", "same", "same"):
            uow.connection.later(SAY.format(word))
        uow.commit()
    assert said(urls) == []
    with unit(units, "k") as uow:
        uow.connection.later(SAY.format("again"))
        uow.commit()
    assert said(urls) == ["again"]


@pytest.mark.parametrize("asked", [False, True])
def test_a_refusal_keeps_its_key_and_nothing_that_waited(
    units: UnitFactory[PlainUnit], urls: Any, *, asked: bool
) -> None:
    """Whether or not the savepoint was sent. Seen red by: what waits sent behind the rollback to the savepoint."""
    with pytest.raises(Taken), unit(units, "k") as uow:
        uow.connection.later(SAY.format("one"))
        if asked:
            ask(uow.connection, "SELECT 1 AS one")
        uow.connection.later(SAY.format("two"))
        raise Taken
    assert said(urls) == []
    execute(urls.admin, "DO $$ BEGIN ASSERT (SELECT status FROM idempotency_keys) = 409; END $$")


@pytest.mark.parametrize("asked", [False, True])
def test_what_a_savepoint_undoes_is_undone_whether_it_was_sent_or_not(
    units: UnitFactory[PlainUnit], urls: Any, *, asked: bool
) -> None:
    """Seen red by: `savepoint` that forgets what waited before it."""
    with unit(units) as uow:
        uow.connection.later(SAY.format("before"))
        with pytest.raises(Taken), uow.savepoint():
            uow.connection.later(SAY.format("one"))
            if asked:
                ask(uow.connection, "SELECT 1 AS one")
            uow.connection.later(SAY.format("two"))
            raise Taken
        uow.connection.later(SAY.format("after"))
        uow.commit()
    assert said(urls) == ["before", "after"]


def test_what_waits_in_a_savepoint_fails_in_it(units: UnitFactory[PlainUnit], urls: Any) -> None:
    """Seen red by: a savepoint that is left with statements waiting."""
    with unit(units) as uow:
        uow.connection.later(SAY.format("same"))
        with pytest.raises(psycopg2.errors.UniqueViolation), uow.savepoint():
            uow.connection.later(SAY.format("same"))
        uow.commit()
    assert said(urls) == ["same"]


def test_a_commit_that_the_connection_was_lost_in_is_of_unknown_outcome(
    units: UnitFactory[PlainUnit], urls: Any
) -> None:
    """Also where the connection was gone before: nobody can tell. Seen red by: a lost connection told as a failure."""
    with unit(units, "before") as uow:
        uow.commit()  # prepares what the next one says
    with pytest.raises(OutcomeUnknown), unit(units, "k") as uow:
        execute(urls.admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'scheduling_app'")
        uow.connection.later(SAY.format("lost"))
        uow.commit()
    with unit(units, "k") as uow:
        uow.connection.later(SAY.format("found"))
        uow.commit()
    assert said(urls) == ["found"]


def test_a_transaction_in_which_a_statement_failed_is_not_told_as_committed(units: UnitFactory[PlainUnit]) -> None:
    """PostgreSQL answers such a COMMIT with a rollback and no error. Seen red by: not looking at its answer."""
    with pytest.raises(psycopg2.errors.InFailedSqlTransaction), unit(units) as uow:
        with pytest.raises(psycopg2.errors.UndefinedTable):
            ask(uow.connection, "SELECT 1 FROM nowhere")
        uow.commit()
