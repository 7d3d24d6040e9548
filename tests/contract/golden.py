"""Golden samples: the data of every event type as it was once promised, kept for good.

`python -m tests.contract.golden` writes the sample of a type that has none yet, and a further one (`NAME.2.json`) where
fields came that stand in none of it. An existing sample is never rewritten: it stands for events that lie in outboxes
and archives.
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


def samples_of(name: str) -> list[Path]:
    """What was promised of that type, the oldest first."""
    later = sorted(FOLDER.glob(f"{name}.*.json"), key=lambda path: int(path.stem.rpartition(".")[2]))
    return [path for path in (FOLDER / f"{name}.json", *later) if path.exists()]


def promised(name: str) -> set[str]:
    """The fields that stand in any of its samples."""
    return {field for path in samples_of(name) for field in json.loads(path.read_text(encoding="utf-8"))}


def main() -> None:
    """Writes what is missing."""
    FOLDER.mkdir(exist_ok=True)
    for aggregate in AGGREGATES:
        for name in aggregate.type_names:
            if not promised(name) >= set(aggregate.schema.fields):
                made = json.dumps(sample_of(json_schema_of(aggregate)), indent=2) + "\n"
                _next_path(name).write_text(made, encoding="utf-8")


def _next_path(name: str) -> Path:
    known = len(samples_of(name))
    return FOLDER / (f"{name}.{known + 1}.json" if known else f"{name}.json")


if __name__ == "__main__":
    main()
