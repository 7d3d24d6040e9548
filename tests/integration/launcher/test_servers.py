"""The private servers, as tests and `frontdesk run` use them."""

import os
from contextlib import closing

import psycopg2
import pytest

from cli.servers.throw_away import ThrowAwayServers
from shared.messaging.broker_api import BrokerApi


def test_a_clone_is_migrated_and_entered_by_the_services_roles(database):
    urls = database("scheduling")
    for url in (urls.app, urls.worker, urls.relay):
        with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM schema_migrations")
            assert cursor.fetchone()[0] > 0


def test_two_clones_share_nothing(database):
    first, second = database("records"), database("records")
    with closing(psycopg2.connect(first.admin)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE only_here ()")
    with closing(psycopg2.connect(second.admin)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('only_here')")
        assert cursor.fetchone() == (None,)


def test_a_statement_that_fails_leaves_no_patient_data_in_postgresqls_log(own_postgres):
    """The server writes an error down before it answers. Seen red by: both log_min_* settings at their defaults."""
    with closing(psycopg2.connect(own_postgres.admin_url)) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE patients (phone text UNIQUE); INSERT INTO patients VALUES ('+15550100777')")
        with pytest.raises(psycopg2.IntegrityError):
            cursor.execute("INSERT INTO patients VALUES ('+15550100777')")
    written = own_postgres.log.read_text()
    assert "ready to accept connections" in written
    assert "5550100777" not in written


def test_a_virtual_host_is_empty_and_guest_is_nobody(broker):
    api = BrokerApi(broker.api)
    assert api.get(f"/api/queues/{broker.vhost}") == []
    assert [user["name"] for user in api.get("/api/users") if user["name"] == "guest"] == []


def test_throw_away_servers_leave_no_process_and_no_folder():
    """seen red by: not stopping epmd, which outlives its broker."""
    with ThrowAwayServers() as servers:
        home = servers.postgres.log.parent
        pids = {servers.postgres.pid, servers.rabbitmq.pid, servers.rabbitmq.epmd_pid}
        assert all(_runs(pid) for pid in pids)
    assert not home.exists()
    assert not any(_runs(pid) for pid in pids)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
