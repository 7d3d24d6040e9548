"""Events that no handler can read: published beside the outbox, as a broken producer would."""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from itertools import count

import pika
from fix_desk import Desk
from pika.adapters.utils.connection_workflow import AMQPConnectorException
from pika.exceptions import AMQPError

from shared.config import addresses_in
from shared.events.registry import CONSUMERS, aggregate_of

PATIENCE_S = 240.0
_PAUSE_S = 1.0


class NeverGiven(Exception):
    """The broker took none of it, long after everything had been healed."""


class Poison:
    """`given` holds (consumer, event id) of all that was published."""

    def __init__(self, desk: Desk, amqp_url: str) -> None:
        self._desk = desk
        self._urls = addresses_in(amqp_url)
        self._turns: Iterator[int] = count()
        self.given: set[tuple[str, str]] = set()

    def give(self, service: str) -> None:
        """One event for one of the service's handlers, by turns: an envelope without the facts that it has to hold.

        Returns when the broker has confirmed it, however often it has to be asked: the same event each time.
        """
        consumers = [one for one in CONSUMERS if one.service == service]
        consumer = consumers[next(self._turns) % len(consumers)]
        event_id = str(uuid.uuid4())
        type_name = min(aggregate_of(consumer.shape).type_names)
        body = {
            "specversion": "1.0",
            "id": event_id,
            "source": consumer.shape.source,
            "type": type_name,
            "networkid": self._desk.elm.network_id,
            "data": {},
        }
        properties = pika.BasicProperties(message_id=event_id, type=type_name, delivery_mode=2)
        ends = time.monotonic() + PATIENCE_S
        while not self._is_published(consumer.name, json.dumps(body).encode(), properties):
            if time.monotonic() > ends:
                raise NeverGiven(consumer.name)
            time.sleep(_PAUSE_S)
        self.given.add((consumer.name, event_id))

    def _is_published(self, queue: str, body: bytes, properties: pika.BasicProperties) -> bool:
        try:
            with closing(pika.BlockingConnection([_quick(url) for url in self._urls])) as connection:
                channel = connection.channel()
                channel.confirm_delivery()
                channel.basic_publish("", queue, body, properties, mandatory=True)
        except (AMQPError, AMQPConnectorException, OSError):
            return False
        return True

    def parked(self) -> set[tuple[str, str]]:
        """What stands as parked, of all services."""
        statement = "SELECT consumer, event_id FROM parked_events WHERE status IN ('open', 'dead')"
        services = {one.service for one in CONSUMERS}
        return {(row["consumer"], str(row["event_id"])) for one in services for row in self._desk.rows(one, statement)}


def _quick(url: str) -> pika.URLParameters:
    parameters = pika.URLParameters(url)
    parameters.connection_attempts = 1
    parameters.socket_timeout = parameters.stack_timeout = parameters.blocked_connection_timeout = 4
    return parameters
