"""Servers for tests: started when first asked for, gone with everything they wrote at the end."""

import secrets
import signal
from contextlib import ExitStack
from functools import cached_property

from cli.servers.home import thrown_away_home
from cli.servers.ports import free_ports
from cli.servers.postgres import Postgres
from cli.servers.rabbitmq import RabbitMQ

BROKER_PORTS = ("rabbitmq", "rabbitmq-api", "rabbitmq-dist", "epmd")


class ThrowAwayServers:
    """One PostgreSQL and one RabbitMQ in a folder of their own. Use as a context manager, in the main thread."""

    def __init__(self) -> None:
        self._cleanup = ExitStack()

    def __enter__(self) -> "ThrowAwayServers":
        self._home = self._cleanup.enter_context(thrown_away_home())
        return self

    def __exit__(self, *error: object) -> None:
        self._cleanup.close()

    @cached_property
    def postgres(self) -> Postgres:
        """A PostgreSQL that answers; it does not survive a power cut, and need not."""
        server = Postgres(self._home, free_ports(1)[0], secrets.token_urlsafe(16), throw_away=True)
        server.start()
        self._cleanup.callback(server.stop)
        server.wait_ready()
        return server

    @cached_property
    def starting_rabbitmq(self) -> RabbitMQ:
        """A RabbitMQ on its way: it needs seconds, in which something else can be done."""
        ports = dict(zip(BROKER_PORTS, free_ports(len(BROKER_PORTS)), strict=True))
        server = RabbitMQ(self._home, ports, secrets.token_urlsafe(16))
        server.start()
        self._cleanup.callback(server.stop, signal.SIGKILL)
        return server

    @property
    def rabbitmq(self) -> RabbitMQ:
        """A RabbitMQ that answers."""
        self.starting_rabbitmq.wait_ready()
        return self.starting_rabbitmq
