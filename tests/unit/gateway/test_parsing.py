"""Reading requests: what is ambiguous or unbounded goes no further."""

import json

import marshmallow as ma
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cursors import Cursors
from gateway.errors import Problem
from gateway.etags import etag_of, version_of
from gateway.parsing import flattened, strict_json
from gateway.schemas.appointments import BookAppointment
from gateway.schemas.base import Body, Instant, Number, Text, Words, YesNo
from gateway.schemas.hours import SetWorkingHours
from gateway.schemas.patients import OpenPatient

CURSORS = Cursors("secret")
SCOPE = {"list": "list_claims", "network": "a", "status": "held"}


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'"\xff"',
        b"[" * 100_000,
    ],
)
def test_ambiguous_json_is_malformed(raw: bytes) -> None:
    with pytest.raises(Problem) as caught:
        strict_json(raw)
    assert caught.value.slug == "malformed-body"


@pytest.mark.parametrize("value", [0, 1, 0.0, "true", "", None, [], {}])
def test_only_true_and_false_are_yes_and_no(value: object) -> None:
    """Seen red by: marshmallow's own field with truthy={True}, falsy={False}, to which 0 is False."""
    with pytest.raises(ma.ValidationError):
        Body.from_dict({"a": YesNo()})().load({"a": value})
    assert Body.from_dict({"a": YesNo()})().load({"a": False}) == {"a": False}


@pytest.mark.parametrize("words", ["", "  \n", "nul\x00", "x" * 11])
def test_what_somebody_is_to_read_says_something(words: str) -> None:
    """Seen red by: words that may be blank wherever they are written."""
    said = Body.from_dict({"a": Words(10, may_be_blank=False)})()
    with pytest.raises(ma.ValidationError):
        said.load({"a": words})
    assert said.load({"a": "yes\n"}) == {"a": "yes\n"}
    assert Body.from_dict({"a": Words(10)})().load({"a": ""}) == {"a": ""}


@pytest.mark.parametrize("raw", [b'{"a":{"b":["","\\ud800"]}}', b'{"a":{"b":["","x\\udfff"]}}'])
def test_half_of_a_surrogate_pair_names_its_field(raw: bytes) -> None:
    """Seen red by: `malformed-body` for it, though it is JSON."""
    with pytest.raises(Problem) as caught:
        strict_json(raw)
    assert caught.value.slug == "invalid"
    assert [error["field"] for error in caught.value.errors] == ["a.b.1"]


def test_a_number_of_five_thousand_digits_is_left_to_its_field() -> None:
    """Seen red by: Python's own bound, which made the whole body unreadable."""
    with pytest.raises(ma.ValidationError) as caught:
        _Sample().load(strict_json(b'{"count":' + b"9" * 5000 + b"}"))
    assert list(caught.value.messages) == ["count"]


@given(st.dictionaries(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(-(2**60), 2**60)))
def test_plain_json_is_read_as_it_is(value: dict[str, int]) -> None:
    assert strict_json(json.dumps(value).encode()) == value


class _Sample(Body):
    name = Text(10)
    count = Number(1, 5)
    at = Instant()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a\x00b"),
        ("name", "line\nbreak"),
        ("name", "   "),
        ("name", ""),
        ("name", "x" * 11),
        ("name", 5),
        ("count", True),
        ("count", "3"),
        ("count", 2.5),
        ("count", 10**400),
        ("count", 0),
        ("at", "2026-11-23T15:00:00"),
        ("at", 5),
        ("at", "0001-01-01T00:00:00+14:00"),
        ("other", 1),
    ],
)
def test_a_value_of_the_wrong_kind_names_its_field(field: str, value: object) -> None:
    with pytest.raises(ma.ValidationError) as caught:
        _Sample().load({field: value})
    assert [error["field"].split(".")[0] for error in flattened(caught.value.messages)] == [field]


def test_instants_go_on_in_one_form() -> None:
    """Two spellings of an instant are one body to the callee's idempotency."""
    for text in ("2026-11-23T10:00:00-05:00", "2026-11-23T15:00:00Z", "2026-11-23T15:00:00.4+00:00"):
        assert _Sample().dump(_Sample().load({"at": text})) == {"at": "2026-11-23T15:00:00Z"}


def test_a_booking_names_one_patient() -> None:
    ids = dict.fromkeys(["site_id", "practitioner_id", "appointment_type_id"], "0193a1f0-0000-7000-8000-000000000001")
    with pytest.raises(ma.ValidationError):
        BookAppointment().load({**ids, "start_at": "2026-11-23T15:00:00Z"})


def test_opening_a_patient_takes_two_identifiers() -> None:
    with pytest.raises(ma.ValidationError):
        OpenPatient().load({"site_id": "0193a1f0-0000-7000-8000-000000000001", "family": "Ortiz"})


def test_working_hours_end_after_they_start() -> None:
    with pytest.raises(ma.ValidationError) as caught:
        SetWorkingHours().load({"weekly": [{"weekday": 1, "starts": "17:00", "ends": "09:00"}]})
    assert "weekly.0.ends" in {error["field"] for error in flattened(caught.value.messages)}


def test_a_cursor_comes_back_for_the_list_that_it_was_given_for() -> None:
    sealed = CURSORS.seal("inner", SCOPE)
    assert sealed is not None
    assert CURSORS.open(sealed, SCOPE) == "inner"


@pytest.mark.parametrize("change", [{"network": "b"}, {"status": "active"}, {"list": "list_fees"}])
def test_a_cursor_of_another_list_network_or_filter_is_refused(change: dict[str, str]) -> None:
    sealed = CURSORS.seal("inner", SCOPE)
    assert sealed is not None
    with pytest.raises(Problem):
        CURSORS.open(sealed, SCOPE | change)


@pytest.mark.parametrize("cursor", ["", "a", "....", "é", "aGVsbG8gdGhlcmUgZ2VuZXJhbCBrZW5vYmk"])
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Problem):
        CURSORS.open(cursor, SCOPE)


def test_an_etag_is_the_version() -> None:
    assert etag_of({"version": 3}) == '"3"'
    assert version_of('"3"') == 3
    assert version_of(None) is None
    assert version_of("*") is None


@pytest.mark.parametrize("tag", ['W/"3"', "3", '"x"', '"3", "4"', '""'])
def test_a_tag_that_none_of_ours_can_equal_is_stale(tag: str) -> None:
    with pytest.raises(Problem) as caught:
        version_of(tag)
    assert caught.value.status == 412
