"""docs/reference/events.md: every event with who tells it, who hears it, its fields and their marks."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.events.billing import ClaimFeedRow
from shared.events.envelope import phi_fields
from shared.events.json_schema import json_schema_of
from shared.events.registry import AGGREGATES, CONSUMERS, FEED_EXCHANGE, Aggregate, exchange_of

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "events.md"
_ABOUT = """# Events

Made from `shared/events` by `./frontdesk reference`; the same for machines is [asyncapi.json](asyncapi.json). All types
of one aggregate carry the same fields, its whole condition. **sealed** marks patient data: encrypted field by field on
its way, redacted in logs.
"""


def written() -> str:
    """The file's text."""
    return "\n".join([_ABOUT, *_overview(), *(line for it in AGGREGATES for line in _section(it))]) + "\n"


def _overview() -> Iterator[str]:
    yield "| event | told by | heard by | sealed fields |"
    yield "|---|---|---|---|"
    for aggregate in AGGREGATES:
        sealed = ", ".join(sorted(phi_fields(aggregate.schema))) or "none"
        for name in aggregate.type_names:
            yield f"| [`{name}`](#{_anchor(aggregate)}) | {aggregate.source} | {_heard_by(aggregate)} | {sealed} |"
    yield ""


def _section(aggregate: Aggregate) -> Iterator[str]:
    yield f"## {_title(aggregate)}"
    yield ""
    yield _paragraphs(aggregate.shape)
    yield ""
    key = "the network's id" if aggregate.shape is ClaimFeedRow else "its type"
    yield f"Exchange `{exchange_of(aggregate.type_names[0])}`, routed by {key}. Heard by {_heard_by(aggregate)}."
    yield ""
    if len(aggregate.types) > 1:
        yield "| type | when |"
        yield "|---|---|"
        yield from (f"| `{kind.type}` | {_paragraphs(kind)} |" for kind in aggregate.types)
        yield ""
    yield "| field | JSON | mark |"
    yield "|---|---|---|"
    sealed = phi_fields(aggregate.schema)
    for name, schema in json_schema_of(aggregate)["properties"].items():
        yield f"| `{name}` | {_kind(schema)} | {'**sealed**' if name in sealed else ''} |"
    yield ""


def _heard_by(aggregate: Aggregate) -> str:
    names = [f"`{consumer.name}`" for consumer in CONSUMERS if consumer.shape is aggregate.shape]
    if aggregate.shape is ClaimFeedRow:
        names.append(f"readers of `{FEED_EXCHANGE}.<network>`")
    return ", ".join(names) or "nobody yet"


def _kind(schema: dict[str, Any]) -> str:
    """`string (uuid) or null`, `list of {number, use}`."""
    if schema.get("type") == "array":
        items = schema["items"]
        inside = f"{{{', '.join(items['properties'])}}}" if "properties" in items else _kind(items)
        return f"list of {inside}"
    kinds = schema.get("type", "object")
    names = [kinds] if isinstance(kinds, str) else list(kinds)
    shown = f"{names[0]} ({schema['format']})" if "format" in schema else names[0]
    return " or ".join([shown, *names[1:]])


def _title(aggregate: Aggregate) -> str:
    return f"{aggregate.source} {aggregate.name}"


def _anchor(aggregate: Aggregate) -> str:
    return _title(aggregate).replace(" ", "-")


def _paragraphs(of: type) -> str:
    return " ".join((inspect.getdoc(of) or "").split())
