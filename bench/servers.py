"""Servers for baselines: of the same kind and with the same settings as the product's own, on disk as those are."""

import secrets
import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2

from cli.servers.home import thrown_away_home
from cli.servers.ports import free_ports
from cli.servers.postgres import Postgres
from cli.servers.rabbitmq import RabbitMQ
from cli.servers.throw_away import BROKER_PORTS

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Servers:
    """A PostgreSQL that keeps what it commits (unlike those of tests) and a RabbitMQ, both answering."""

    postgres: Postgres
    rabbitmq: RabbitMQ

    @property
    def database_url(self) -> str:
        return self.postgres.admin_url

    @property
    def broker_url(self) -> str:
        return self.rabbitmq.amqp_url

    @property
    def pids(self) -> Mapping[str, int]:
        """For a Meter; empty where a server has ended."""
        found = {"postgresql": self.postgres.pid, "rabbitmq": self.rabbitmq.pid}
        return {name: pid for name, pid in found.items() if pid is not None}


@contextmanager
def private_servers() -> Iterator[Servers]:
    """Servers of this block alone, gone with their data at its end."""
    with ExitStack() as cleanup:
        home = cleanup.enter_context(thrown_away_home())
        postgres = Postgres(home, free_ports(1)[0], secrets.token_urlsafe(16))
        ports = dict(zip(BROKER_PORTS, free_ports(len(BROKER_PORTS)), strict=True))
        rabbitmq = RabbitMQ(home, ports, secrets.token_urlsafe(16))
        for server, how in ((rabbitmq, signal.SIGKILL), (postgres, signal.SIGINT)):
            server.start()
            cleanup.callback(server.stop, how)
        postgres.wait_ready()
        rabbitmq.wait_ready()
        yield Servers(postgres, rabbitmq)


def rows(url: str, statement: str, **params: Any) -> Rows:
    """What a question finds."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def run_sql(url: str, script: str, params: Mapping[str, Any] | None = None) -> None:
    """Runs statements that give no rows, in one transaction."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(script, params)
