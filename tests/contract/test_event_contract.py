"""Within an event type, changes only add."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from shared.events.json_schema import path_of, render
from shared.events.registry import AGGREGATES, CONSUMERS, Aggregate, aggregate_of_type
from tests.contract.golden import FOLDER, promised, samples_of

TYPES = [name for aggregate in AGGREGATES for name in aggregate.type_names]
KIND = {bool: "boolean", int: "number", str: "string", list: "array", dict: "object", type(None): "null"}


def shape_of(value: Any) -> Any:
    """The value's fields and JSON types."""
    if isinstance(value, dict):
        return {name: shape_of(field) for name, field in value.items()}
    return [shape_of(item) for item in value[:1]] if isinstance(value, list) else KIND[type(value)]


def missing_in(new: Any, old: Any, path: str = "") -> list[str]:
    """The places of `old` that `new` lacks or has with another type."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [found for name in old for found in missing_in(new.get(name), old[name], f"{path}/{name}")]
    if isinstance(old, list) and isinstance(new, list):
        return missing_in(new[0], old[0], f"{path}[]") if old and new else []
    return [] if new == old else [path]


@pytest.mark.parametrize("path", [path for name in TYPES for path in samples_of(name)], ids=lambda path: path.stem)
def test_every_event_ever_promised_is_still_read_and_still_told_with_all_its_fields(path: Path) -> None:
    """Seen red by: dropping a field, changing its type, adding a required one."""
    aggregate, made = aggregate_of_type(path.stem.partition(".")[0])
    old = json.loads(path.read_text(encoding="utf-8"))
    told = aggregate.schema.dump(made(**aggregate.schema.load(old)))
    assert missing_in(shape_of(told), shape_of(old)) == []


@pytest.mark.parametrize("name", TYPES)
def test_every_field_stands_in_a_sample(name: str) -> None:
    """Whatever came later is promised too. Seen red by: `asked_id` in no sample."""
    assert promised(name) >= set(aggregate_of_type(name)[0].schema.fields), "run python -m tests.contract.golden"


@pytest.mark.parametrize("aggregate", AGGREGATES, ids=lambda aggregate: aggregate.name)
def test_the_checked_in_json_schema_is_current(aggregate: Aggregate) -> None:
    assert path_of(aggregate).read_text(encoding="utf-8") == render(aggregate), (
        "run python -m shared.events.json_schema"
    )


def test_no_golden_sample_is_left_without_its_type() -> None:
    """An event type that goes would strand what lies in outboxes."""
    assert {path.stem.partition(".")[0] for path in FOLDER.glob("*.json")} == set(TYPES)


def test_queue_names_are_frozen() -> None:
    """A renamed handler would leave its queue behind, with messages in it. Seen red by: renaming a consumer."""
    assert sorted(consumer.name for consumer in CONSUMERS) == [
        "billing.on_claim",
        "billing.on_encounter",
        "billing.on_patient",
        "notifications.on_appointment",
        "notifications.on_patient",
        "notifications.on_reschedule",
        "notifications.on_site",
        "notifications.on_waitlist_offer",
        "records.on_appointment",
        "scheduling.on_encounter",
        "scheduling.on_patient",
        "scheduling.on_reply",
        "scheduling.on_text",
    ]


def test_every_type_of_an_aggregate_shares_its_shape() -> None:
    for aggregate in AGGREGATES:
        for event in aggregate.types:
            assert issubclass(event, aggregate.shape)
            assert {field.name for field in fields(event)} == set(aggregate.schema.fields)
