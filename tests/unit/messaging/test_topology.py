"""What the broker has to hold, and how a differing broker is refused."""

from typing import Any

import pytest

from shared.events.registry import AGGREGATES, CONSUMERS
from shared.messaging import topology
from shared.messaging.broker_api import ApiRequest
from shared.messaging.topology import Binding, TopologyDiffers, declare

FROZEN_QUEUES = {
    "scheduling.on_patient",
    "scheduling.on_encounter",
    "scheduling.on_text",
    "scheduling.on_reply",
    "records.on_appointment",
    "billing.on_patient",
    "billing.on_encounter",
    "billing.on_claim",
    "notifications.on_appointment",
    "notifications.on_site",
    "notifications.on_patient",
}


class FakeApi:
    """A broker's management API with canned answers."""

    vhost = "/"

    def __init__(self, **held: list[dict[str, Any]]) -> None:
        self.held = held
        self.sent: list[ApiRequest] = []

    def get(self, path: str) -> list[dict[str, Any]]:
        return self.held.get(path.split("/")[2], [])

    def send(self, request: ApiRequest) -> None:
        self.sent.append(request)


def passwords() -> dict[str, str]:
    return dict.fromkeys(topology.broker_users(), "s3cret")


def test_the_names_of_the_queues_are_frozen() -> None:
    """A renamed handler would leave its queue behind, with what lies in it."""
    assert set(topology.handler_queues()) >= FROZEN_QUEUES


def test_every_handler_is_bound_to_every_type_of_its_aggregate() -> None:
    bound = set(topology.bindings())
    for consumer in CONSUMERS:
        aggregate = next(a for a in AGGREGATES if a.shape is consumer.shape)
        for type_name in aggregate.type_names:
            assert Binding(f"{aggregate.source}.events", consumer.name, type_name) in bound


def test_an_empty_broker_gets_policies_before_queues() -> None:
    api = FakeApi()
    declare(api, passwords())  # type: ignore[arg-type]
    kinds = [request.path.split("/")[2] for request in api.sent]
    assert kinds.index("policies") < kinds.index("exchanges") < kinds.index("queues") < kinds.index("bindings")


def test_a_queue_of_other_arguments_is_refused_and_nothing_is_changed() -> None:
    api = FakeApi(queues=[{"name": "records.on_appointment", "arguments": {}, "durable": True}])
    with pytest.raises(TopologyDiffers, match=r"records\.on_appointment"):
        declare(api, passwords())  # type: ignore[arg-type]
    assert api.sent == []


def test_a_changed_policy_is_refused() -> None:
    changed = {**topology.policies()[0], "definition": {"delivery-limit": 3}}
    with pytest.raises(TopologyDiffers, match="frontdesk-handlers"):
        declare(FakeApi(policies=[changed]), passwords())  # type: ignore[arg-type]


def test_a_foreign_policy_that_would_win_is_refused() -> None:
    foreign = {"name": "everything", "pattern": ".*", "apply-to": "all", "priority": 99, "definition": {}}
    with pytest.raises(TopologyDiffers, match="everything"):
        declare(FakeApi(policies=[foreign]), passwords())  # type: ignore[arg-type]


def test_a_service_may_read_its_own_queues_and_nothing_else() -> None:
    sent = {r.path: r.body for r in topology.user_requests("/", passwords())}
    assert sent["/api/permissions/%2F/billing"] == {"configure": "^$", "write": "^$", "read": "^billing\\.on_"}


def test_a_command_line_for_the_administrator_shows_no_password() -> None:
    lines = [request.as_curl() for request in topology.user_requests("/", passwords())]
    assert not any("s3cret" in line for line in lines)
