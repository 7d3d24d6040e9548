"""Real servers for tests: `postgres_server`, `database`, `broker`; `own_postgres`, `own_broker` are there to be broken.

`frontdesk test` starts the servers and names them in the environment, so that all workers of xdist share them;
a plain `pytest` starts its own when the first test asks. Each test gets clones of migrated databases and a virtual
host of its own.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
import pytest

from cli.servers.packages import missing_servers
from cli.servers.postgres import Postgres
from cli.servers.process import ServerFailed
from cli.servers.rabbitmq import RabbitMQ
from cli.servers.throw_away import ThrowAwayServers
from shared.database.migrate import DATABASES, KINDS, create_database, create_roles, migrate, role_of
from shared.messaging.broker_api import ApiRequest, BrokerApi

PASSWORD = "only-in-tests"
TEMPLATES_LOCK = 4711
Started = TypeVar("Started")


@dataclass(frozen=True)
class DatabaseUrls:
    """One migrated database of a test, by role. The gateway's has neither worker nor relay."""

    app: str
    worker: str
    relay: str
    admin: str


@dataclass(frozen=True)
class BrokerUrls:
    """A virtual host of a test, as administrator. `api` is what BrokerApi takes."""

    amqp: str
    api: str
    vhost: str

    def amqp_as(self, user: str, password: str = PASSWORD) -> str:
        """The AMQP URL of another user."""
        return _with_user(self.amqp, user, password)


@pytest.fixture(scope="session")
def servers() -> Iterator[ThrowAwayServers]:
    """Servers of this test process; nothing starts before it is asked for."""
    with ThrowAwayServers() as own:
        yield own


@pytest.fixture(scope="session")
def postgres_server(servers: ThrowAwayServers) -> str:
    """The superuser's URL of the session's PostgreSQL, with the roles of all services."""
    url = os.environ.get("FRONTDESK_TEST_POSTGRES_URL") or _or_skip(lambda: servers.postgres.admin_url)
    with _one_at_a_time(url):
        create_roles(url, {role_of(name, kind): PASSWORD for name in DATABASES for kind in KINDS})
    return url


@pytest.fixture(scope="session")
def template(postgres_server: str) -> Callable[[str], str]:
    """`template("scheduling")` -> name of the migrated database that clones are made of; nobody connects to it."""

    @cache
    def migrated(service: str) -> str:
        with _one_at_a_time(postgres_server):
            migrate(create_database(postgres_server, service, service), service)
        return service

    return migrated


@pytest.fixture
def database(postgres_server: str, template: Callable[[str], str]) -> Iterator[Callable[[str], DatabaseUrls]]:
    """`database("scheduling")` -> DatabaseUrls of a fresh clone, dropped after the test."""
    made: list[str] = []

    def clone(service: str) -> DatabaseUrls:
        name = f"{service}_{secrets.token_hex(6)}"
        # By files: half of the time that going through the log takes.
        execute(postgres_server, f'CREATE DATABASE "{name}" TEMPLATE "{template(service)}" STRATEGY FILE_COPY')
        made.append(name)
        return _urls(postgres_server, service, name)

    yield clone
    for name in made:
        execute(postgres_server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def broker_server(servers: ThrowAwayServers) -> tuple[str, str]:
    """AMQP and management URL of the session's RabbitMQ."""
    given = os.environ.get("FRONTDESK_TEST_AMQP_URL"), os.environ.get("FRONTDESK_TEST_RABBITMQ_API_URL")
    if given[0] and given[1]:
        return given[0], given[1]
    started = _or_skip(lambda: servers.rabbitmq)
    return started.amqp_url, started.api_url


@pytest.fixture
def broker(broker_server: tuple[str, str]) -> Iterator[BrokerUrls]:
    """A fresh virtual host, empty of queues; the topology is for the test to declare."""
    amqp, api = broker_server
    name = f"test-{secrets.token_hex(6)}"
    door, administrator = BrokerApi(api), urlsplit(api).username
    door.send(ApiRequest("PUT", f"/api/vhosts/{name}"))
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    door.send(ApiRequest("PUT", f"/api/permissions/{name}/{administrator}", everything))
    yield BrokerUrls(f"{amqp.rstrip('/')}/{name}", f"{api.rstrip('/')}/{name}", name)
    door.send(ApiRequest("DELETE", f"/api/vhosts/{name}"))


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A PostgreSQL for this test alone, which may stop or kill it; unmigrated."""
    with ThrowAwayServers() as own:
        yield _or_skip(lambda: own.postgres)


@pytest.fixture
def own_broker() -> Iterator[RabbitMQ]:
    """A RabbitMQ for this test alone, which may stop or kill it."""
    with ThrowAwayServers() as own:
        yield _or_skip(lambda: own.rabbitmq)


@contextmanager
def _one_at_a_time(url: str) -> Iterator[None]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("SELECT pg_advisory_lock(%s)", (TEMPLATES_LOCK,))
        yield


def execute(url: str, statement: str) -> None:
    """Runs one statement outside a transaction."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(statement)


def _or_skip(start: Callable[[], Started]) -> Started:
    """Only where a server is not installed: one that is, and does not start, proves nothing in silence."""
    try:
        return start()
    except ServerFailed as failed:
        if missing_servers():
            pytest.skip(str(failed))
        raise


def _urls(admin_url: str, service: str, name: str) -> DatabaseUrls:
    admin = urlunsplit(urlsplit(admin_url)._replace(path=f"/{name}"))
    app, worker, relay = (_with_user(admin, f"{service}_{kind}", PASSWORD) for kind in ("app", "worker", "relay"))
    return DatabaseUrls(app, worker, relay, admin)


def _with_user(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{quote(user)}:{quote(password)}@{parts.hostname}:{parts.port}"))
