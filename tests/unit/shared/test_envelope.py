"""Events on the wire."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.events.encryption import Keyring
from shared.events.envelope import Event, UnreadableEvent, decode, encode
from shared.events.records import PatientRegistered, Phone
from shared.ids import new_id

KEYRING = Keyring({"k1": b"1" * 32})
PATIENT = UUID("0190f6a0-0000-7000-8000-000000000001")


def registered() -> Event[PatientRegistered]:
    patient = PatientRegistered(
        patient_id=PATIENT,
        version=1,
        given="Quillon",
        family="Zephyrine",
        birth_on=None,
        phones=(Phone(number="+12025550100", use="mobile"),),
        consents=(),
        coverages=(),
    )
    return Event(
        id=new_id(),
        source="records",
        type=patient.type,
        subject=PATIENT,
        time=datetime(2026, 11, 23, 15, tzinfo=UTC),
        networkid=new_id(),
        version=1,
        correlationid="c-1",
        causationid=None,
        traceparent=None,
        data=patient,
    )


def test_an_event_comes_back_as_it_was_told() -> None:
    event = registered()
    assert decode(json.loads(json.dumps(encode(event, KEYRING))), KEYRING) == event


def test_patient_data_is_not_readable_on_the_wire() -> None:
    wire = json.dumps(encode(registered(), KEYRING))
    assert "Quillon" not in wire
    assert "2025550100" not in wire


def test_a_field_that_the_reader_does_not_know_is_passed_over() -> None:
    body = encode(registered(), KEYRING)
    body["data"]["shoe_size"] = 44
    body["later"] = "x"
    assert decode(body, KEYRING).data == registered().data


@pytest.mark.requirement("26c")
def test_a_patient_told_of_before_languages_were_asked_has_none() -> None:
    """Outboxes and archives hold such events for good. Seen red by: a language that is required."""
    body = encode(registered(), KEYRING)
    del body["data"]["language"]
    assert decode(body, KEYRING).data.language is None


def test_a_sealed_value_does_not_open_in_another_field() -> None:
    body = encode(registered(), KEYRING)
    body["data"]["given"] = body["data"]["family"]
    with pytest.raises(UnreadableEvent, match="bad-seal"):
        decode(body, KEYRING)


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"type": "pigs-flew"}, "unknown-type"), ({"version": "x"}, "bad-envelope"), ({"data": {}}, "bad-data")],
)
def test_a_body_that_cannot_be_read_says_why_without_its_content(change: dict[str, object], reason: str) -> None:
    with pytest.raises(UnreadableEvent) as caught:
        decode({**encode(registered(), KEYRING), **change}, KEYRING)
    assert str(caught.value) == reason


def test_old_keys_still_open_what_they_sealed() -> None:
    body = encode(registered(), KEYRING)
    both = Keyring({"k2": b"2" * 32, "k1": b"1" * 32})
    assert decode(body, both) == decode(body, KEYRING)
