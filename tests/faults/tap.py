"""Reads along with the broker: every event in the order in which it was published."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pika
from fix_desk import Desk

from shared.events.registry import AGGREGATES


class Tap:
    """A queue of its own on every exchange of events (the claim feed is not one)."""

    def __init__(self, channel: "pika.adapters.blocking_connection.BlockingChannel") -> None:
        self._channel = channel
        self._queue = channel.queue_declare("", exclusive=True).method.queue
        for source in {aggregate.source for aggregate in AGGREGATES}:
            channel.queue_bind(self._queue, f"{source}.events", "#")
        self._versions: dict[str, list[int]] = {}

    def out_of_order(self) -> list[str]:
        """Aggregates of which an older version was published behind a newer one."""
        self._read()
        found = [f"{name}: {told}" for name, told in self._versions.items() if told != sorted(told)]
        return [f"an older version published behind a newer one: {len(found)}, {found[0]}"] if found else []

    def _read(self) -> None:
        while (got := self._channel.basic_get(self._queue, auto_ack=True))[0] is not None:
            event = json.loads(got[2])
            self._versions.setdefault(f"{event['type'].split('-')[0]} {event['subject']}", []).append(event["version"])


@contextmanager
def tap(desk: Desk) -> Iterator[Tap]:
    """Reads along from here on."""
    with closing(pika.BlockingConnection(pika.URLParameters(desk.system.rabbitmq.amqp_url))) as connection:
        yield Tap(connection.channel())
