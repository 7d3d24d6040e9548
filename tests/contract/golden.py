"""Golden samples: the data of every event type as it was once promised, kept for good.

`python -m tests.contract.golden` writes the sample of a type that has none yet. An existing
sample is never rewritten: it stands for events that lie in outboxes and archives.
"""

import json
from pathlib import Path
from typing import Any

from shared.events.json_schema import json_schema_of
from shared.events.registry import AGGREGATES

FOLDER = Path(__file__).parents[2] / "shared/events/samples"

_BY_FORMAT = {
    "uuid": "0190f6a0-0000-7000-8000-000000000001",
    "date-time": "2026-11-23T15:00:00+00:00",
    "date": "2026-11-23",
}


def sample_of(schema: dict[str, Any]) -> Any:
    """A value that fits the JSON Schema, the same every time."""
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: sample_of(field) for name, field in sorted(schema["properties"].items())}
    if kind == "array":
        return [sample_of(schema["items"])]
    return {"integer": 1, "boolean": True, "string": _BY_FORMAT.get(schema.get("format", ""), "sample")}[str(kind)]


def main() -> None:
    """Writes what is missing."""
    FOLDER.mkdir(exist_ok=True)
    for aggregate in AGGREGATES:
        for name in aggregate.type_names:
            path = FOLDER / f"{name}.json"
            if not path.exists():
                path.write_text(json.dumps(sample_of(json_schema_of(aggregate)), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
