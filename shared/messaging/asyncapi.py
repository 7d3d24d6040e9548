"""AsyncAPI 3.0 of everything that goes over the broker, made from the registry and the topology.

An event type is a channel by its routing key, a handler a channel by its queue; the claim feed's queue is the one that
outsiders read. Payloads are what is on the wire: a field that is marked `x-phi` is a sealed text there, and
`x-sealed` says what is inside.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.events.billing import ClaimFeedRow
from shared.events.registry import AGGREGATES, CONSUMERS, FEED_EXCHANGE, Aggregate, aggregate_of, exchange_of
from shared.messaging.asyncapi_messages import (
    BINDING_VERSION,
    envelope,
    message,
    ref,
    schema_name,
    summary,
    wire_schema,
)
from shared.messaging.messages import CONTENT_TYPE
from shared.messaging.topology import QUORUM, exchange_kinds

Json = dict[str, Any]

ABOUT = (
    "Facts that Frontdesk's services tell each other, and the claim feed that a network's billing team reads. Each "
    "carries the whole condition of its aggregate: effects follow from the condition, never from the type, and the "
    "newest version wins. Delivery is at least once: a reader knows what it has seen by id, or by a feed's sequence. "
    "Within a type changes only add."
)
_FEED_ADDRESS = f"{FEED_EXCHANGE}.{{network_id}}"
_NETWORK = {"network_id": {"description": "The network's id; its broker user bears the queue's name."}}


def document() -> Json:
    """The whole document."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Frontdesk events", "version": "1", "description": ABOUT},
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "broker": {
                "host": "broker.example:5672",
                "protocol": "amqp",
                "protocolVersion": "0-9-1",
                "description": "RabbitMQ; every process has a user that can do its part and nothing else.",
                "security": [ref("securitySchemes", "user")],
            }
        },
        "channels": {**dict(_told_channels()), **dict(_queue_channels())},
        "operations": {**dict(_send_operations()), **dict(_receive_operations())},
        "components": {
            "schemas": {"envelope": envelope(), **{schema_name(it): wire_schema(it) for it in AGGREGATES}},
            "messages": {kind.type: message(it, kind) for it in AGGREGATES for kind in it.types},
            "securitySchemes": {"user": {"type": "userPassword", "description": "SASL PLAIN."}},
        },
    }


def written() -> str:
    """The file's text."""
    return json.dumps(document(), indent=1) + "\n"


def _told_channels() -> Iterator[tuple[str, Json]]:
    for aggregate in AGGREGATES:
        for kind in aggregate.types:
            exchange, is_feed = exchange_of(kind.type), kind is ClaimFeedRow
            binding = {
                "is": "routingKey",
                "exchange": {
                    "name": exchange,
                    "type": exchange_kinds()[exchange],
                    "durable": True,
                    "autoDelete": False,
                },
                "bindingVersion": BINDING_VERSION,
            }
            yield (
                f"{exchange}.{kind.type}",
                {
                    "address": "{network_id}" if is_feed else kind.type,
                    "messages": {kind.type: ref("messages", kind.type)},
                    **({"parameters": _NETWORK} if is_feed else {}),
                    "description": f"The exchange {exchange}, by routing key.",
                    "bindings": {"amqp": binding},
                },
            )


def _queue_channels() -> Iterator[tuple[str, Json]]:
    for consumer in CONSUMERS:
        yield consumer.name, _queue(consumer.name, aggregate_of(consumer.shape), f"The queue of {consumer.name}.")
    about = "A network's claim feed: the product interface for outside readers. One reader at a time, acknowledging."
    feed = _queue(_FEED_ADDRESS, aggregate_of(ClaimFeedRow), about)
    yield FEED_EXCHANGE, {**feed, "parameters": _NETWORK}


def _queue(name: str, aggregate: Aggregate, about: str) -> Json:
    return {
        "address": name,
        "messages": {type_name: ref("messages", type_name) for type_name in aggregate.type_names},
        "description": about,
        "bindings": {
            "amqp": {
                "is": "queue",
                "queue": {"name": name, "durable": True, "exclusive": False, "autoDelete": False},
                "bindingVersion": BINDING_VERSION,
            }
        },
        "x-arguments": dict(QUORUM),
    }


def _send_operations() -> Iterator[tuple[str, Json]]:
    for aggregate in AGGREGATES:
        for kind in aggregate.types:
            channel = f"{exchange_of(kind.type)}.{kind.type}"
            yield (
                f"{aggregate.source}.tell.{kind.type}",
                {
                    **_operation("send", channel, (kind.type,)),
                    "summary": summary(kind),
                    "description": f"Told by {aggregate.source}; published by the relay from its outbox.",
                    "bindings": {"amqp": {"deliveryMode": 2, "mandatory": True, "bindingVersion": BINDING_VERSION}},
                },
            )


def _receive_operations() -> Iterator[tuple[str, Json]]:
    for consumer in CONSUMERS:
        aggregate = aggregate_of(consumer.shape)
        about = {"description": f"Heard by {consumer.service}."}
        yield f"{consumer.name}", {**_operation("receive", consumer.name, aggregate.type_names), **about}
    feed = _operation("receive", FEED_EXCHANGE, aggregate_of(ClaimFeedRow).type_names)
    about = {"description": "Read by the network's billing team (docs/how-to/read-the-claim-feed.md)."}
    yield "read-claim-feed", {**feed, **about, "bindings": {"amqp": {"ack": True, "bindingVersion": BINDING_VERSION}}}


def _operation(action: str, channel: str, types: tuple[str, ...]) -> Json:
    pointer = {"$ref": f"#/channels/{channel}"}
    messages = [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in types]
    return {"action": action, "channel": pointer, "messages": messages}


REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "asyncapi.json"
