"""An outbox row as the broker's message: where it goes, and what stands on it."""

import pika

from shared.events.registry import FEED_EXCHANGE, aggregate_of_type, exchange_of
from shared.messaging.outbox_rows import OutboxRow

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


def is_told(type_name: str) -> bool:
    """Whether this code knows the event type; a row of a type that is gone waits for code that knows it."""
    try:
        aggregate_of_type(type_name)
    except KeyError:
        return False
    return True


def routing_key_of(row: OutboxRow) -> str:
    """The type, or the network in the claim feed, of which each network reads its own queue alone."""
    return row.network_id if exchange_of(row.type) == FEED_EXCHANGE else row.type


def properties_of(row: OutboxRow) -> pika.BasicProperties:
    """Persistent, with the event's own id, by which a returned message is known."""
    return pika.BasicProperties(
        message_id=row.event_id,
        type=row.type,
        content_type=CONTENT_TYPE,
        delivery_mode=pika.DeliveryMode.Persistent.value,
    )
