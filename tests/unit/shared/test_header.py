"""An envelope that is read by hand is read as its schema reads it, whatever is wrong with it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from marshmallow import ValidationError

from shared.events.envelope import Event, envelope_shape
from shared.events.header import read_header

GOOD: dict[str, Any] = {
    "specversion": "1.0",
    "id": "0190f6a0-0000-7000-8000-000000000001",
    "source": "records",
    "type": "patient-registered",
    "subject": "0190f6a0-0000-7000-8000-000000000002",
    "time": "2026-11-23T15:00:00+00:00",
    "datacontenttype": "application/json",
    "dataschema": "urn:frontdesk:records:patient",
    "networkid": "0190f6a0-0000-7000-8000-000000000003",
    "version": 3,
    "correlationid": "c-1",
    "causationid": None,
    "traceparent": None,
    "data": {"patient_id": "p"},
}
FIELDS = sorted(GOOD)
ODD_UUIDS = ("urn:uuid:" + GOOD["id"], "{" + GOOD["id"] + "}", GOOD["id"].replace("-", ""), GOOD["id"].upper())
ODD_TIMES = ("2026-11-23", "2026-11-23T15:00:00", "20261123T150000Z", "2026-11-23 15:00:00.5-23:59", "2026-W48-1T15Z")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.text(max_size=3), below, max_size=2),
    max_leaves=3,
)
VALUES = JSON | st.sampled_from((*ODD_UUIDS, *ODD_TIMES, *map(str, GOOD.values()), 10**400, "1.00", ""))
CHANGES = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), VALUES, max_size=3)


def by_schema(body: Any) -> dict[str, Any] | None:
    try:
        loaded = envelope_shape().load(body)
    except (ValidationError, TypeError, ValueError):
        return None
    return {name: loaded[name] for name in Event.__dataclass_fields__}


def by_hand(body: Any) -> dict[str, Any] | None:
    try:
        return read_header(body)
    except (KeyError, TypeError, ValueError):
        return None


@given(CHANGES, st.sets(st.sampled_from(FIELDS), max_size=2))
@example({}, set())
def test_what_the_schema_refuses_is_refused_and_the_rest_comes_out_the_same(changes: Any, left_out: Any) -> None:
    """Seen red by: a `dataschema` that is not looked at."""
    body = {name: value for name, value in {**GOOD, **changes}.items() if name not in left_out}
    assert by_hand(body) == by_schema(body)


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", [None, True, 1, 1.0, "", "x", [], {}, *ODD_UUIDS, *ODD_TIMES])
def test_each_field_is_read_alike(name: str, value: Any) -> None:
    """The same without chance: every field with every kind of value.

    Seen red by: a version that may be a bool, a time without an offset, and the same.
    """
    body = {**GOOD, name: value}
    assert by_hand(body) == by_schema(body)


@given(JSON)
def test_what_is_no_envelope_at_all_is_refused_alike(body: Any) -> None:
    assert by_hand(body) is by_schema(body) is None


def test_a_good_envelope_is_read() -> None:
    """So that the comparisons above cannot hold by refusing everything."""
    header = by_hand(GOOD)
    assert header is not None
    assert header["id"] == UUID(GOOD["id"])
    assert header["time"] == datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert (header["version"], header["causationid"], header["data"]) == (3, None, {"patient_id": "p"})
