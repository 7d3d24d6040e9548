"""One transaction: rows, events, command key and audit entries together or not at all."""

import base64
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from fix_servers import execute

from shared.asker import Asker
from shared.clock import BusinessClock
from shared.database.idempotency import AlreadyAnswered, CommandKey, hash_of
from shared.database.pool import Pool
from shared.database.prepared import Prepared
from shared.database.statements import Statements
from shared.database.unit_of_work import Resources, UnitOfWork
from shared.database.units import UnitFactory
from shared.errors import KeyReused, NotFound, Refused
from shared.events.encryption import Keyring
from shared.events.scheduling import SiteChanged
from shared.ids import new_id
from shared.jobs import JobContext, forget_command_keys

NETWORK, OTHER_NETWORK = new_id(), new_id()


class SiteTaken(Refused):
    slug = "site-taken"


class PlainUnit(UnitOfWork):
    statements = Statements()


@pytest.fixture
def urls(database: Callable[[str], Any]) -> Any:
    return database("scheduling")


@pytest.fixture
def units(urls: Any) -> Iterator[UnitFactory[PlainUnit]]:
    pool = Pool(urls.app, size=20)
    keyring = Keyring.parse("k1:" + base64.b64encode(b"1" * 32).decode())
    yield UnitFactory("scheduling", PlainUnit, Resources(pool=pool, clock=BusinessClock(""), keyring=keyring))
    pool.close()


def asker(network_id: UUID = NETWORK, actor: str = "ann") -> Asker:
    return Asker(actor_id=actor, actor_kind="user", network_id=network_id, sites=None, scopes=frozenset())


def key_of(body: Any, actor: str = "ann", key: str = "k-1") -> CommandKey:
    return CommandKey(f"user:{actor}", "add_site", key, hash_of(body))


def rows(urls: Any, statement: str) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(urls.admin)) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def site() -> SiteChanged:
    return SiteChanged(site_id=new_id(), version=1, name="Elm Street", zone="America/New_York", phone=None)


def add_site(units: UnitFactory[PlainUnit], key: CommandKey | None) -> Any:
    with units.for_call(asker(), key=key, action="add_site") as uow:
        uow.record(site())
        uow.audit("add_site", "site", "s-1")
        return uow.commit({"made": str(new_id())})


@pytest.mark.requirement("2a")
def test_sixteen_twins_of_one_command_have_one_effect_and_one_answer(units: UnitFactory[PlainUnit], urls: Any) -> None:
    """Seen red by: taking the key in a transaction of its own."""

    def once(_: int) -> Any:
        try:
            return add_site(units, key_of({"a": 1}))
        except AlreadyAnswered as settled:
            return settled.answer

    with ThreadPoolExecutor(16) as many:
        answers = list(many.map(once, range(16)))
    assert len({answer["made"] for answer in answers}) == 1
    assert rows(urls, "SELECT count(*) FROM outbox") == [(1,)]


def test_the_same_key_with_another_body_is_refused(units: UnitFactory[PlainUnit]) -> None:
    add_site(units, key_of({"a": 1}))
    with pytest.raises(KeyReused):
        add_site(units, key_of({"a": 2}))


def test_a_key_is_forgotten_after_seven_days_and_no_sooner(units: UnitFactory[PlainUnit], urls: Any) -> None:
    """Seen red by: a statement that deletes every key."""
    with units.for_network(NETWORK) as uow:
        uow.open_network("Elm")
        uow.commit()
    for key in ("old", "young"):
        add_site(units, key_of({}, key=key))
    with closing(psycopg2.connect(urls.admin)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE idempotency_keys SET created_at = created_at - CASE key WHEN 'old' THEN interval '7 days 1 minute'"
            " ELSE interval '6 days 23 hours' END"
        )
    with closing(Pool(urls.worker, size=2)) as pool:
        work = UnitFactory("scheduling", PlainUnit, replace(units.resources, pool=pool))
        forget_command_keys(JobContext("scheduling", work, BusinessClock(""), threading.Event()))
    assert rows(urls, "SELECT key FROM idempotency_keys") == [("young",)]


def test_the_same_key_of_another_person_is_another_command(units: UnitFactory[PlainUnit], urls: Any) -> None:
    add_site(units, key_of({"a": 1}))
    add_site(units, key_of({"a": 1}, actor="bob"))
    assert rows(urls, "SELECT count(*) FROM outbox") == [(2,)]


def test_what_is_not_committed_leaves_nothing(units: UnitFactory[PlainUnit], urls: Any) -> None:
    with units.for_call(asker(), key=key_of({})) as uow:
        uow.record(site())
        uow.flush_events()
    with pytest.raises(ZeroDivisionError), units.for_call(asker(), key=key_of({})) as uow:
        uow.record(site())
        uow.flush_events()
        raise ZeroDivisionError
    assert rows(urls, "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM idempotency_keys)") == [(0,)]


def test_a_refusal_is_kept_under_its_key_and_what_was_done_before_it_is_not(
    units: UnitFactory[PlainUnit], urls: Any
) -> None:
    """Seen red by: leaving out the rollback to the savepoint."""

    def refused() -> None:
        with units.for_call(asker(), key=key_of({}), action="add_site") as uow:
            uow.record(site())
            uow.flush_events()
            raise SiteTaken({"next": []})

    with pytest.raises(SiteTaken):
        refused()
    with pytest.raises(AlreadyAnswered) as settled:
        refused()
    assert (settled.value.status, settled.value.answer) == (409, {"slug": "site-taken", "details": {"next": []}})
    assert rows(urls, "SELECT count(*) FROM outbox") == [(0,)]
    assert rows(urls, "SELECT action, decision FROM audit_entries") == [("add_site", "refused")]


def test_a_denied_try_is_audited_with_the_id_that_was_tried(units: UnitFactory[PlainUnit], urls: Any) -> None:
    with pytest.raises(NotFound), units.for_call(asker(), action="site") as uow:
        uow.object_ids = {"site_id": "guessed"}
        raise NotFound
    assert rows(urls, "SELECT action, decision, object_id FROM audit_entries") == [("site", "denied", "guessed")]


def test_the_application_can_neither_read_change_nor_delete_audit_entries(
    units: UnitFactory[PlainUnit], urls: Any
) -> None:
    add_site(units, None)
    for statement in (
        "SELECT * FROM audit_entries",
        "UPDATE audit_entries SET actor_id = 'x'",
        "DELETE FROM audit_entries",
    ):
        with closing(psycopg2.connect(urls.app)) as connection, connection.cursor() as cursor:
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(statement)


def test_a_network_sees_no_row_of_another(units: UnitFactory[PlainUnit]) -> None:
    """Seen red by: a policy that allows everything."""
    with units.for_call(asker()) as uow:
        uow.open_network("Elm")
        uow.commit()
    for network_id, seen in ((NETWORK, 1), (OTHER_NETWORK, 0), (UUID(int=0), 0)):
        with units.for_network(network_id) as uow, uow.connection.cursor() as cursor:
            cursor.execute("SELECT * FROM networks")
            assert len(cursor.fetchall()) == seen


def test_without_a_network_nothing_is_seen(units: UnitFactory[PlainUnit], urls: Any) -> None:
    with units.for_call(asker()) as uow:
        uow.open_network("Elm")
        uow.commit()
    with closing(psycopg2.connect(urls.app)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM networks")
        assert cursor.fetchall() == []


def test_a_connection_that_died_is_replaced(units: UnitFactory[PlainUnit], urls: Any) -> None:
    add_site(units, None)
    rows(urls, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'scheduling_app'")
    with pytest.raises(psycopg2.OperationalError):
        add_site(units, key_of({}))
    add_site(units, None)


def test_locks_taken_in_any_order_never_deadlock(units: UnitFactory[PlainUnit]) -> None:
    """Seen red by: not sorting the names."""
    names = [f"resource/{number}" for number in range(6)]

    def take(turn: int) -> None:
        with units.for_call(asker()) as uow:
            uow.lock(*(names if turn % 2 else reversed(names)))

    with ThreadPoolExecutor(12) as many:
        assert len(list(many.map(take, range(60)))) == 60


@pytest.mark.parametrize("sent", [True, False], ids=["sent", "waiting still"])
def test_a_lock_that_went_with_a_savepoint_is_taken_again(units: UnitFactory[PlainUnit], urls: Any, sent: bool) -> None:
    """Seen red by: names of locks that are kept when a savepoint is undone."""
    held = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with units.for_call(asker()) as uow:
        uow.lock("resource/before")
        with suppress(SiteTaken), uow.savepoint():
            uow.lock("resource/within")
            if sent:
                uow.connection.send()
            raise SiteTaken
        uow.lock("resource/before", "resource/within")
        uow.connection.send()
        assert rows(urls, held) == [(2,)]


def test_a_plan_that_is_older_than_a_migration_costs_one_try(urls: Any, units: UnitFactory[PlainUnit]) -> None:
    """Seen red by: the connection given back to the pool, with the plan that fails for ever."""
    statement = Prepared("aged", "SELECT a FROM aged")
    execute(urls.admin, "CREATE TABLE aged AS SELECT 1 AS a; GRANT SELECT ON aged TO PUBLIC")

    def read() -> None:
        with units.for_call(asker()) as uow, uow.connection.cursor() as cursor:
            statement.execute_on(cursor, {})

    read()
    execute(urls.admin, "ALTER TABLE aged ALTER COLUMN a TYPE bigint")
    with pytest.raises(psycopg2.errors.FeatureNotSupported):
        read()
    read()
