"""What can be seen of servers without an administrator's rights, each login by itself."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pika
import psycopg2
from pika.exceptions import AMQPError

from cli.places import ROLES, USER_SETTINGS, role_setting
from shared.config import addresses_in, optional
from shared.database.migrate import role_of, unmigrated
from shared.events.registry import CONSUMERS, FEED_EXCHANGE
from shared.messaging.topology import RELAY_USER, event_exchanges, handler_queues

_PATIENCE_S = 5


@dataclass(frozen=True)
class Seen:
    """What one login saw. `lacks` is empty where all is as this code needs it."""

    server: str
    login: str
    lacks: str

    @property
    def is_well(self) -> bool:
        return not self.lacks

    def __str__(self) -> str:
        return f"{self.server} as {self.login}: {self.lacks or 'up to date'}"


def look() -> list[Seen]:
    """Every login of this installation, at its server."""
    return [*_databases(), *_broker()]


def _databases() -> Iterator[Seen]:
    for service, kind in ROLES:
        name = role_setting(service, kind)
        url = optional(name)
        yield Seen("PostgreSQL", role_of(service, kind), _lacks(url, service) if url else f"{name} is not set")


def _lacks(url: str, service: str) -> str:
    try:
        with closing(psycopg2.connect(url, connect_timeout=_PATIENCE_S)) as connection:
            missing = unmigrated(connection, service)
    except psycopg2.errors.UndefinedTable:
        return "no migration has run"
    except psycopg2.Error as error:
        return f"does not get in ({str(error).strip().splitlines()[-1]})" if str(error) else "does not get in"
    return f"lacks {', '.join(missing)}" if missing else ""


def _broker() -> Iterator[Seen]:
    for name, user in USER_SETTINGS.items():
        url = optional(name)
        yield Seen("RabbitMQ", user, _misses(url, user) if url else f"{name} is not set")


def _misses(url: str, user: str) -> str:
    try:
        with closing(pika.BlockingConnection([_quick(address) for address in addresses_in(url)])) as connection:
            missing = [name for name in _names(user) if not _is_there(connection, name)]
    except AMQPError as error:
        return f"does not get in ({type(error).__name__})"
    except OSError as error:
        return f"does not get in ({error.strerror or type(error).__name__})"
    return f"lacks {', '.join(missing)}" if missing else ""


def _quick(url: str) -> pika.URLParameters:
    parameters = pika.URLParameters(url)
    parameters.socket_timeout = parameters.blocked_connection_timeout = _PATIENCE_S
    parameters.connection_attempts = 1
    return parameters


def _names(user: str) -> list[str]:
    """The exchanges that the relay publishes to; the queues that a service's handlers read."""
    if user == RELAY_USER:
        return [*event_exchanges(), FEED_EXCHANGE]
    return [consumer.name for consumer in CONSUMERS if consumer.service == user]


def _is_there(connection: pika.BlockingConnection, name: str) -> bool:
    """Asking passively needs no right; the broker closes the channel where there is no such thing."""
    channel = connection.channel()
    declare = channel.queue_declare if name in handler_queues() else channel.exchange_declare
    try:
        declare(name, passive=True)
    except pika.exceptions.ChannelClosedByBroker:
        return False
    channel.close()
    return True
