"""What the broker has to hold, made from the registry and from nothing else.

Exchanges `<service>.events`, one quorum queue per handler bound to every type of its
aggregate, the dead-letter queue, policies, and users that can do only their part. Queues
are declared here, at deploy, and never by the processes that use them.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from shared.events.registry import AGGREGATES, CONSUMERS, FEED_EXCHANGE, aggregate_of
from shared.messaging.broker_api import ApiRequest, BrokerApi, quoted

DEAD_LETTER = "frontdesk.dead-letter"
RELAY_USER = "relay"
QUORUM: Mapping[str, Any] = {"x-queue-type": "quorum"}
_POLICIES = Path(__file__).resolve().parents[2] / "deploy" / "rabbitmq" / "policies.json"
_NOTHING = "^$"


class Binding(NamedTuple):
    """One line of the map from events to queues."""

    exchange: str
    queue: str
    routing_key: str


class TopologyDiffers(Exception):
    """The broker holds something of ours in another form; `differences` are sentences for an administrator."""

    def __init__(self, differences: list[str]) -> None:
        super().__init__("; ".join(differences))
        self.differences = differences


def event_exchanges() -> list[str]:
    """The exchanges that services' facts are published to."""
    return sorted({f"{aggregate.source}.events" for aggregate in AGGREGATES})


def handler_queues() -> list[str]:
    """The queues of all handlers; each bears its handler's name."""
    return [consumer.name for consumer in CONSUMERS]


def bindings() -> list[Binding]:
    """Every binding that the registry asks for."""
    return [
        Binding(f"{aggregate.source}.events", consumer.name, type_name)
        for consumer in CONSUMERS
        for aggregate in [aggregate_of(consumer.shape)]
        for type_name in aggregate.type_names
    ]


def policies() -> list[dict[str, Any]]:
    """The policies of deploy/rabbitmq/policies.json."""
    loaded: list[dict[str, Any]] = json.loads(_POLICIES.read_text(encoding="utf-8"))
    return loaded


def broker_users() -> list[str]:
    """The users of our own processes: the relay and one per service."""
    return [RELAY_USER, *sorted({consumer.service for consumer in CONSUMERS})]


def requests(vhost: str = "/") -> list[ApiRequest]:
    """Every change, without users, that turns an empty broker into ours; policies stand before queues."""
    host = quoted(vhost)
    return [
        *(ApiRequest("PUT", f"/api/policies/{host}/{p['name']}", _policy_body(p)) for p in policies()),
        *_exchange_requests(host),
        *(_queue_request(host, name) for name in [DEAD_LETTER, *handler_queues()]),
        binding_request(host, Binding(DEAD_LETTER, DEAD_LETTER, "")),
        *(binding_request(host, binding) for binding in bindings()),
    ]


def user_requests(vhost: str, passwords: Mapping[str, str]) -> list[ApiRequest]:
    """The changes that make our users; the relay may also look at bindings (tag management)."""
    made: list[ApiRequest] = []
    for user in broker_users():
        tags = "management" if user == RELAY_USER else ""
        made.append(ApiRequest("PUT", f"/api/users/{quoted(user)}", {"password": passwords[user], "tags": tags}))
        made.append(ApiRequest("PUT", f"/api/permissions/{quoted(vhost)}/{quoted(user)}", _permissions(user)))
    return made


def declare(api: BrokerApi, passwords: Mapping[str, str]) -> None:
    """Makes what is missing. Raises TopologyDiffers, and changes nothing, where something of ours differs."""
    if found := differences(api):
        raise TopologyDiffers(found)
    for request in [*requests(api.vhost), *user_requests(api.vhost, passwords)]:
        api.send(request)


def mend_bindings(api: BrokerApi) -> list[Binding]:
    """Declares the topology again (no users) and returns the bindings that had been missing."""
    missing = missing_bindings(api)
    if found := differences(api):
        raise TopologyDiffers(found)
    for request in requests(api.vhost):
        api.send(request)
    return missing


def missing_bindings(api: BrokerApi) -> list[Binding]:
    """Bindings of the registry that the broker does not have: their events would be lost to that consumer."""
    held = api.get(f"/api/bindings/{quoted(api.vhost)}") or []
    there = {(row["source"], row["destination"], row["routing_key"]) for row in held}
    return [binding for binding in bindings() if tuple(binding) not in there]


def depths(api: BrokerApi) -> dict[str, int]:
    """How many messages lie in our queues; the broker's counts lag by seconds."""
    held = api.get(f"/api/queues/{quoted(api.vhost)}") or []
    ours = {DEAD_LETTER, *handler_queues()}
    return {row["name"]: row.get("messages", 0) for row in held if row["name"] in ours}


def differences(api: BrokerApi) -> list[str]:
    """What the broker holds under our names in another form; what is missing is no difference."""
    return [*_policy_differences(api), *_exchange_differences(api), *_queue_differences(api)]


def binding_request(host: str, binding: Binding) -> ApiRequest:
    """The change that makes one binding; `host` is the quoted virtual host."""
    path = f"/api/bindings/{host}/e/{quoted(binding.exchange)}/q/{quoted(binding.queue)}"
    return ApiRequest("POST", path, {"routing_key": binding.routing_key})


def exchange_kinds() -> dict[str, str]:
    """Every exchange of ours and its type."""
    return {**dict.fromkeys(event_exchanges(), "topic"), FEED_EXCHANGE: "direct", DEAD_LETTER: "fanout"}


def _exchange_requests(host: str) -> Iterator[ApiRequest]:
    for name, kind in exchange_kinds().items():
        yield ApiRequest("PUT", f"/api/exchanges/{host}/{quoted(name)}", {"type": kind, "durable": True})


def _queue_request(host: str, name: str) -> ApiRequest:
    return ApiRequest("PUT", f"/api/queues/{host}/{quoted(name)}", {"durable": True, "arguments": dict(QUORUM)})


def _policy_body(policy: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in policy.items() if key != "name"}


def _permissions(user: str) -> dict[str, str]:
    if user == RELAY_USER:
        names = "|".join(name.replace(".", "\\.") for name in [*event_exchanges(), FEED_EXCHANGE])
        return {"configure": _NOTHING, "write": f"^({names})$", "read": _NOTHING}
    return {"configure": _NOTHING, "write": _NOTHING, "read": f"^{user}\\.on_"}


def _policy_differences(api: BrokerApi) -> Iterator[str]:
    held = {policy["name"]: policy for policy in api.get(f"/api/policies/{quoted(api.vhost)}") or []}
    for wanted in policies():
        there = held.pop(wanted["name"], None)
        if there is not None and any(there.get(key) != value for key, value in wanted.items()):
            yield f"policy {wanted['name']} is {_shown(there)} and should be {_shown(wanted)}"
    highest = min(policy["priority"] for policy in policies())
    for name, other in held.items():
        if other["priority"] >= highest and other.get("apply-to") != "exchanges":
            yield f"policy {name} (priority {other['priority']}) could take the place of ours: keep it under {highest}"


def _exchange_differences(api: BrokerApi) -> Iterator[str]:
    held = {row["name"]: row for row in api.get(f"/api/exchanges/{quoted(api.vhost)}") or []}
    for name, kind in exchange_kinds().items():
        there = held.get(name)
        if there is not None and (there["type"], there["durable"]) != (kind, True):
            yield f"exchange {name} is {there['type']}, durable {there['durable']}; it should be {kind} and durable"


def _queue_differences(api: BrokerApi) -> Iterator[str]:
    held = {row["name"]: row for row in api.get(f"/api/queues/{quoted(api.vhost)}") or []}
    for name in [DEAD_LETTER, *handler_queues()]:
        there = held.get(name)
        if there is not None and (there["arguments"] != QUORUM or not there["durable"]):
            held_arguments = there["arguments"]
            yield f"queue {name} has {held_arguments} and should have {dict(QUORUM)}; empty and delete it first"


def _shown(policy: Mapping[str, Any]) -> str:
    return json.dumps({key: policy.get(key) for key in ("pattern", "apply-to", "priority", "definition")})
