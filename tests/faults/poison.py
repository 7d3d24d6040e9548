"""Events that no handler can read: published beside the outbox, as a broken producer would."""

import json
import uuid
from collections.abc import Iterator
from contextlib import closing
from itertools import count

import pika
from fix_desk import Desk

from shared.config import addresses_in
from shared.events.registry import CONSUMERS, aggregate_of


class Poison:
    """`given` holds (consumer, event id) of all that was published."""

    def __init__(self, desk: Desk, amqp_url: str) -> None:
        self._desk = desk
        self._urls = addresses_in(amqp_url)
        self._turns: Iterator[int] = count()
        self.given: set[tuple[str, str]] = set()

    def give(self, service: str) -> None:
        """One event for one of the service's handlers, by turns: an envelope without the facts that it has to hold."""
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
        with closing(pika.BlockingConnection([pika.URLParameters(url) for url in self._urls])) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            properties = pika.BasicProperties(message_id=event_id, type=type_name, delivery_mode=2)
            channel.basic_publish("", consumer.name, json.dumps(body).encode(), properties, mandatory=True)
        self.given.add((consumer.name, event_id))

    def parked(self) -> set[tuple[str, str]]:
        """What stands as parked, of all services."""
        statement = "SELECT consumer, event_id FROM parked_events WHERE status IN ('open', 'dead')"
        services = {one.service for one in CONSUMERS}
        return {(row["consumer"], str(row["event_id"])) for one in services for row in self._desk.rows(one, statement)}
