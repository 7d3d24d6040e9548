"""Messages of the AsyncAPI document: the envelope, the data of each aggregate as it is on the wire, an example each."""

import json
from pathlib import Path
from typing import Any

from shared.events.base import Condition
from shared.events.envelope import dataschema_of, envelope_shape, phi_fields
from shared.events.header import SPEC_VERSION
from shared.events.json_schema import FOLDER, json_schema_of, plain_schema
from shared.events.registry import Aggregate
from shared.messaging.messages import CONTENT_TYPE

Json = dict[str, Any]

BINDING_VERSION = "0.3.0"
_SAMPLES = FOLDER.parents[1] / "samples"
_SEALED = {"type": "string", "pattern": "^enc:[^:]+:[A-Za-z0-9+/=]+$", "x-phi": True}
_EXAMPLE_SEAL = "enc:k1:c2VhbGVkIHdpdGggQUVTLTI1Ni1HQ00="
_EXAMPLE_ID = "0190f6a0-0000-7000-8000-0000000000ff"
_EXAMPLE_TIME = "2026-11-23T15:00:00+00:00"


def message(aggregate: Aggregate, kind: type[Condition]) -> Json:
    """The message of one event type."""
    data = {"type": "object", "properties": {"data": ref("schemas", schema_name(aggregate))}}
    fixed = {
        "type": "object",
        "properties": {
            "type": {"const": kind.type},
            "source": {"const": kind.source},
            "dataschema": {"const": dataschema_of(aggregate)},
        },
    }
    return {
        "name": kind.type,
        "title": kind.__name__,
        "summary": summary(kind),
        "contentType": CONTENT_TYPE,
        "payload": {"allOf": [ref("schemas", "envelope"), fixed, data]},
        "bindings": {"amqp": {"messageType": kind.type, "bindingVersion": BINDING_VERSION}},
        "examples": [{"name": "sample", "payload": _example(aggregate, kind)}],
    }


def _example(aggregate: Aggregate, kind: type[Condition]) -> Json:
    sample: Json = json.loads(_newest_sample(kind.type).read_text("utf-8"))
    marked = phi_fields(aggregate.schema)
    return {
        "specversion": SPEC_VERSION,
        "id": _EXAMPLE_ID,
        "source": kind.source,
        "type": kind.type,
        "subject": sample[kind.subject_field],
        "time": _EXAMPLE_TIME,
        "datacontenttype": "application/json",
        "dataschema": dataschema_of(aggregate),
        "networkid": _EXAMPLE_ID,
        "version": sample["version"],
        "correlationid": _EXAMPLE_ID,
        "causationid": None,
        "traceparent": None,
        "data": {name: _EXAMPLE_SEAL if name in marked else value for name, value in sample.items()},
    }


def _newest_sample(name: str) -> Path:
    """The one with every field that came later; those before stand for what lies in archives."""
    later = sorted(_SAMPLES.glob(f"{name}.*.json"), key=lambda path: int(path.stem.rpartition(".")[2]))
    return later[-1] if later else _SAMPLES / f"{name}.json"


def envelope() -> Json:
    """CloudEvents' part, the same for all."""
    shape = plain_schema(envelope_shape())
    return {"description": "CloudEvents 1.0, structured JSON, with extensions of ours.", **shape}


def wire_schema(aggregate: Aggregate) -> Json:
    """The data of an aggregate, with sealed fields as what they are on the wire."""
    marked = phi_fields(aggregate.schema)
    schema = {key: value for key, value in json_schema_of(aggregate).items() if key not in ("$schema", "x-phi")}
    inside: Json = schema["properties"]
    properties = {name: {**_SEALED, "x-sealed": it} if name in marked else it for name, it in inside.items()}
    return {**schema, "description": (aggregate.shape.__doc__ or "").strip(), "properties": properties}


def schema_name(aggregate: Aggregate) -> str:
    """Where the components keep the data's schema."""
    return f"{aggregate.source}.{aggregate.name}"


def summary(kind: type[Condition]) -> str:
    """The first line of what the class says of itself."""
    return (kind.__doc__ or "").strip().partition("\n")[0]


def ref(kind: str, name: str) -> Json:
    """A pointer into the components."""
    return {"$ref": f"#/components/{kind}/{name}"}
