"""What becomes of deliveries: together, else one by one; parked; dead-lettered; held while the database is away."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from fix_messaging import EVENT_KEYS, NETWORK, OTHER_NETWORK, appointment

from shared.errors import Refused
from shared.events.encryption import Keyring
from shared.events.envelope import Event, encode
from shared.ids import new_id
from shared.messaging import intake as intake_module
from shared.messaging.door import DatabaseAway, by_network
from shared.messaging.facts import newest
from shared.messaging.intake import Intake
from shared.messaging.park import Parked, parked_of

KEYRING = Keyring.parse(EVENT_KEYS)


class FakeDelivery:
    def __init__(self, body: bytes, earlier: int = 0) -> None:
        self.body = body
        self.earlier_deliveries = earlier
        self.outcome = ""

    def ack(self, *earlier: "FakeDelivery") -> None:
        for one in (*earlier, self):
            one.outcome = "acked"

    def dead_letter(self) -> None:
        self.outcome = "dead-lettered"


class FakeDoor:
    """Admits what holds no poison; remembers each transaction that was committed."""

    consumer = "notifications.on_appointment"
    units = None

    def __init__(self, *, away: bool = False) -> None:
        self.away = away
        self.committed: list[int] = []

    def admit(self, facts: Sequence[Any]) -> None:
        if self.away:
            raise DatabaseAway
        if any(fact.data.zone == "poison" for fact in facts):
            raise Refused
        self.committed.append(len(facts))


@pytest.fixture
def parked(monkeypatch: pytest.MonkeyPatch) -> list[Parked]:
    kept: list[Parked] = []
    monkeypatch.setattr(intake_module, "park", lambda _units, one: kept.append(one))
    return kept


def fact_of(condition: Any, network_id: Any = NETWORK) -> Event[Any]:
    return Event(
        id=new_id(),
        source="scheduling",
        type=condition.type,
        subject=condition.subject,
        time=condition.booked_at,
        networkid=network_id,
        version=condition.version,
        correlationid="c",
        causationid=None,
        traceparent=None,
        data=condition,
    )


def delivery(zone: str = "UTC", earlier: int = 0) -> FakeDelivery:
    return FakeDelivery(json.dumps(encode(fact_of(appointment(zone=zone)), KEYRING)).encode(), earlier)


def settle(door: FakeDoor, deliveries: list[FakeDelivery]) -> list[Any]:
    left: list[Any] = list(deliveries)
    Intake(door, KEYRING).settle(left)  # type: ignore[arg-type]
    return left


def test_what_has_arrived_is_one_transaction(parked: list[Parked]) -> None:
    door, all_of_them = FakeDoor(), [delivery() for _ in range(7)]
    assert settle(door, all_of_them) == []
    assert door.committed == [7]
    assert {one.outcome for one in all_of_them} == {"acked"}


def test_a_batch_that_fails_is_taken_one_by_one(parked: list[Parked]) -> None:
    door, all_of_them = FakeDoor(), [delivery(), delivery("poison"), delivery()]
    assert settle(door, all_of_them) == []
    assert door.committed == [1, 1]
    assert [one.reason for one in parked] == ["refused"]
    assert {one.outcome for one in all_of_them} == {"acked"}


def test_while_the_database_is_away_nothing_is_settled(parked: list[Parked]) -> None:
    all_of_them = [delivery(), delivery()]
    with pytest.raises(DatabaseAway):
        settle(FakeDoor(away=True), all_of_them)
    assert {one.outcome for one in all_of_them} == {""}
    assert parked == []


@pytest.mark.parametrize(("earlier", "tried"), [(0, True), (1, True), (2, False), (7, False)])
def test_a_delivery_seen_three_times_is_not_tried_again_here(parked: list[Parked], earlier: int, tried: bool) -> None:
    door = FakeDoor()
    settle(door, [delivery(earlier=earlier)])
    assert bool(door.committed) is tried
    assert [one.dangerous for one in parked] == [] if tried else [True]


@pytest.mark.parametrize("body", [b"\xff\x00", b"", b"{", b'{"a": NaN}', b"[" * 100_000])
def test_what_is_no_json_is_dead_lettered(parked: list[Parked], body: bytes) -> None:
    one = FakeDelivery(body)
    settle(FakeDoor(), [one])
    assert one.outcome == "dead-lettered"


@pytest.mark.parametrize(
    "body", [b"null", b"[]", b'"x"', b"1e999", b'{"id": 7}', b'{"type": "\\u0000"}', b'{"id": "\\ud800"}']
)
def test_json_that_is_no_event_is_parked_in_a_form_that_can_be_stored(parked: list[Parked], body: bytes) -> None:
    settle(FakeDoor(), [FakeDelivery(body)])
    [one] = parked
    assert one.reason == "bad-envelope"
    assert one.body.isascii()
    assert "\x00" not in one.body
    assert one.type == "unknown"


def test_the_same_nameless_body_is_parked_under_the_same_id() -> None:
    assert parked_of("c", {"a": 1}, "x").event_id == parked_of("c", {"a": 1}, "y").event_id


def test_facts_are_grouped_by_network_in_their_order() -> None:
    facts = [fact_of(appointment(), network) for network in (OTHER_NETWORK, NETWORK, OTHER_NETWORK)]
    assert list(by_network(facts)) == [[facts[1]], [facts[0], facts[2]]]


def test_the_newest_fact_of_each_aggregate_is_kept() -> None:
    one, other = new_id(), new_id()
    facts = [fact_of(appointment(v, appointment_id=i)) for v, i in ((2, one), (1, other), (3, one), (1, one))]
    assert newest(facts) == [facts[2], facts[1]]
