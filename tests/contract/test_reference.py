"""The generated documents are current, and AsyncAPI says what the broker holds and what goes over it."""

import json
from typing import Any

import jsonschema
import pytest

from cli.reference import documents
from shared.events.envelope import phi_fields
from shared.events.registry import AGGREGATES, CONSUMERS, consumers_of
from shared.messaging import asyncapi, event_table
from shared.messaging.topology import bindings, event_exchanges, handler_queues

Json = dict[str, Any]
TYPES = [(aggregate, kind) for aggregate in AGGREGATES for kind in aggregate.types]
NAMES = [kind.type for _, kind in TYPES]


@pytest.fixture(scope="module")
def document() -> Json:
    return json.loads(asyncapi.REFERENCE.read_text("utf-8"))


def resolved(document: Json, value: Any) -> Any:
    """Every reference written out in place."""
    if isinstance(value, dict):
        if "$ref" in value:
            found: Any = document
            for part in value["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            return resolved(document, found)
        return {key: resolved(document, inner) for key, inner in value.items()}
    return [resolved(document, inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_a_generated_document_is_current(path) -> None:
    """Seen red by: a consumer more in the registry, a field more in an event, an answer more of a route."""
    assert path.read_text("utf-8") == documents()[path](), "run ./frontdesk reference"


def test_every_reference_of_asyncapi_leads_somewhere(document: Json) -> None:
    """Seen red by: a channel named anew, with its operations left as they were."""
    assert resolved(document, document)


def test_every_event_is_told_once_and_heard_where_the_broker_brings_it(document: Json) -> None:
    """Seen red by: a handler's queue left out; a type left out of a queue."""
    told = {op["channel"]["$ref"] for op in document["operations"].values() if op["action"] == "send"}
    assert len(told) == len(NAMES)
    exchanges = {
        (channel["bindings"]["amqp"]["exchange"]["name"], channel["address"])
        for channel in document["channels"].values()
        if channel["bindings"]["amqp"]["is"] == "routingKey"
    }
    assert {exchange for exchange, _ in exchanges} == {*event_exchanges(), "claim-feed"}
    brought = {
        (channel["address"], name)
        for channel in document["channels"].values()
        if channel["bindings"]["amqp"]["is"] == "queue"
        for name in channel["messages"]
    }
    assert brought == {(it.queue, it.routing_key) for it in bindings()} | {
        ("claim-feed.{network_id}", "claim-feed-row")
    }
    received = [name for name, op in document["operations"].items() if op["action"] == "receive"]
    assert sorted(received) == sorted([*handler_queues(), "read-claim-feed"])


@pytest.mark.parametrize(("aggregate", "kind"), TYPES, ids=NAMES)
def test_the_example_of_an_event_fits_what_asyncapi_says_of_it(document: Json, aggregate, kind) -> None:
    """Seen red by: patient data in the clear in an example; a field that the sample lacks made required; a sealed field
    that came later in no example."""
    message = document["components"]["messages"][kind.type]
    (example,) = message["examples"]
    jsonschema.validate(example["payload"], resolved(document, message["payload"]))
    for name in phi_fields(aggregate.schema):
        marked = document["components"]["schemas"][f"{aggregate.source}.{aggregate.name}"]["properties"][name]
        assert marked["x-phi"] is True
        assert example["payload"]["data"][name].startswith("enc:")


def test_the_parts_of_the_document_are_those_that_asyncapi_3_knows(document: Json) -> None:
    """The whole was held against the official schema of 3.0.0 when it was written; this keeps its outline."""
    assert document["asyncapi"] == "3.0.0"
    assert set(document) == {
        "asyncapi", "info", "defaultContentType", "servers", "channels", "operations", "components",
    }  # fmt: skip
    for operation in document["operations"].values():
        assert operation["action"] in {"send", "receive"}
        channel = resolved(document, operation["channel"])
        assert all(pointer["$ref"].startswith(operation["channel"]["$ref"]) for pointer in operation["messages"])
        assert set(channel) >= {"address", "messages", "bindings"}
        assert set(channel.get("parameters", {})) == ({"network_id"} if "{network_id}" in channel["address"] else set())


def test_the_table_names_every_event_its_hearers_its_fields_and_its_marks() -> None:
    """Seen red by: a table that leaves out what nobody hears."""
    lines = event_table.written().splitlines()
    for aggregate, kind in TYPES:
        row = next(line for line in lines if line.startswith(f"| [`{kind.type}`]"))
        assert all(f"`{consumer.name}`" in row for consumer in consumers_of(kind.type))
        for name in aggregate.schema.fields:
            mark = "**sealed**" if name in phi_fields(aggregate.schema) else ""
            assert any(line.startswith(f"| `{name}` |") and line.endswith(f"| {mark} |") for line in lines), name
    assert all(any(consumer.name in line for line in lines) for consumer in CONSUMERS)
