"""The JSON Schema of every aggregate's data, made from the marshmallow schemas.

`python -m shared.events.json_schema` rewrites the checked-in files; a contract test fails
where they are stale.
"""

import json
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from shared.events.registry import AGGREGATES, Aggregate

FOLDER = Path(__file__).with_name("schemas") / "json"


def json_schema_of(aggregate: Aggregate) -> dict[str, Any]:
    """JSON Schema 2020-12 of the aggregate's data; `x-phi` marks what travels sealed."""
    body = plain_schema(aggregate.schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{aggregate.source} {aggregate.name}",
        "x-types": list(aggregate.type_names),
        "x-phi": sorted(name for name, field in aggregate.schema.fields.items() if field.metadata.get("phi")),
        **body,
    }


def plain_schema(schema: Schema) -> dict[str, Any]:
    """The JSON Schema of a marshmallow schema, nested shapes written out, and nothing besides."""
    plugin = MarshmallowPlugin()
    APISpec("events", "1", "3.1.0", plugins=[plugin])
    if plugin.converter is None:
        raise RuntimeError("apispec made no converter")
    body: dict[str, Any] = plugin.converter.schema2jsonschema(_inlined(schema, plugin))
    return body


def render(aggregate: Aggregate) -> str:
    """The file's text."""
    return json.dumps(json_schema_of(aggregate), indent=2, sort_keys=True) + "\n"


def path_of(aggregate: Aggregate) -> Path:
    """Where the aggregate's schema is checked in."""
    return FOLDER / f"{aggregate.source}.{aggregate.name}.json"


def _inlined(schema: Schema, plugin: MarshmallowPlugin) -> Schema:
    # Nested shapes are written out in place: each file must stand by itself.
    if plugin.converter is not None:
        plugin.converter.resolve_nested_schema = _write_out(plugin)
    return schema


def _write_out(plugin: MarshmallowPlugin) -> Any:
    def resolve(schema: Any) -> Any:
        found = schema() if isinstance(schema, type) else schema
        if not isinstance(found, Schema) or plugin.converter is None:
            raise TypeError("a nested field without a schema")
        return plugin.converter.schema2jsonschema(found)

    return resolve


def main() -> None:
    """Rewrites every file."""
    FOLDER.mkdir(exist_ok=True)
    for aggregate in AGGREGATES:
        path_of(aggregate).write_text(render(aggregate), encoding="utf-8")


if __name__ == "__main__":
    main()
