"""The envelope of every event: CloudEvents 1.0 names, plain strings and numbers.

`Event` is one fact in memory. `encode` gives the JSON body that goes into the outbox and
on the wire, with fields marked phi sealed; `decode` reads it back, tolerantly.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from shared.events.base import Condition
from shared.events.encryption import Keyring
from shared.events.header import SPEC_VERSION, read_header
from shared.events.registry import Aggregate, aggregate_of_type

C_co = TypeVar("C_co", bound=Condition, covariant=True)


@dataclass(frozen=True, kw_only=True)
class Event(Generic[C_co]):
    """One fact. `time` is the business instant at which it happened, `version` the aggregate's."""

    id: UUID
    source: str
    type: str
    subject: UUID
    time: datetime
    networkid: UUID
    version: int
    correlationid: str
    causationid: str | None
    traceparent: str | None
    data: C_co


class UnreadableEvent(Exception):
    """The body is no event that this code can read; `reason` is a slug without data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _EnvelopeSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    specversion = fields.String(required=True, validate=validate.Equal(SPEC_VERSION))
    id = fields.UUID(required=True)
    source = fields.String(required=True)
    type = fields.String(required=True)
    subject = fields.UUID(required=True)
    time = fields.AwareDateTime(format="iso", required=True)
    datacontenttype = fields.String(load_default="application/json")
    dataschema = fields.String(required=True)
    networkid = fields.UUID(required=True)
    version = fields.Integer(required=True, strict=True)
    correlationid = fields.String(required=True)
    causationid = fields.String(load_default=None, allow_none=True)
    traceparent = fields.String(load_default=None, allow_none=True)
    data = fields.Dict(required=True)


_ENVELOPE = _EnvelopeSchema()


def envelope_shape() -> Schema:
    """The shape of everything around `data`."""
    return _ENVELOPE


def encode(event: Event[Condition], keyring: Keyring) -> dict[str, Any]:
    """The event's JSON body; the same event keeps its id, so each republish is the same bytes from the outbox."""
    aggregate, _ = aggregate_of_type(event.type)
    header = {**vars(event), "specversion": SPEC_VERSION, "dataschema": dataschema_of(aggregate), "data": {}}
    body: dict[str, Any] = _ENVELOPE.dump(header)
    body["data"] = _sealed(aggregate.schema, aggregate.schema.dump(event.data), keyring, body["id"])
    return body


def decode(body: Any, keyring: Keyring) -> Event[Condition]:
    """The event of a body. Raises UnreadableEvent: `bad-envelope`, `unknown-type`, `bad-data` or `bad-seal`."""
    try:
        header = read_header(body)
    except (KeyError, TypeError, ValueError):
        raise UnreadableEvent("bad-envelope") from None
    try:
        aggregate, made = aggregate_of_type(header["type"])
    except KeyError:
        raise UnreadableEvent("unknown-type") from None
    opened = _opened(aggregate.schema, header["data"], keyring, str(header["id"]))
    header["data"] = made(**_loaded(aggregate, opened))
    return Event(**header)


def dataschema_of(aggregate: Aggregate) -> str:
    """The name of the data's shape; a breaking change is a new type, so it carries no version."""
    return f"urn:frontdesk:{aggregate.source}:{aggregate.name}"


@cache
def phi_fields(schema: Schema) -> frozenset[str]:
    """The fields of a schema that are marked as patient data."""
    return frozenset(name for name, field in schema.fields.items() if field.metadata.get("phi"))


def _sealed(schema: Schema, data: dict[str, Any], keyring: Keyring, event_id: str) -> dict[str, Any]:
    marked = phi_fields(schema)
    return {name: keyring.seal(value, event_id, name) if name in marked else value for name, value in data.items()}


def _opened(schema: Schema, data: dict[str, Any], keyring: Keyring, event_id: str) -> dict[str, Any]:
    marked = phi_fields(schema)
    if not marked:
        return data
    try:
        return {name: keyring.open(value, event_id, name) if name in marked else value for name, value in data.items()}
    except Exception:  # whatever the cipher says about forged or foreign bytes must not be repeated
        raise UnreadableEvent("bad-seal") from None


def _loaded(aggregate: Aggregate, data: dict[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = aggregate.schema.load(data)
    except ValidationError:
        raise UnreadableEvent("bad-data") from None
    return loaded
