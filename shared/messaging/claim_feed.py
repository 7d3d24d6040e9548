"""The claim feed's place at the broker: one queue and one user for each network (design, section 4)."""

from uuid import UUID

from shared.events.registry import FEED_EXCHANGE
from shared.messaging.broker_api import ApiRequest, BrokerApi, quoted
from shared.messaging.topology import QUORUM, Binding, binding_request


def feed_queue(network_id: UUID) -> str:
    """The queue of a network's feed; its user bears the same name."""
    return f"{FEED_EXCHANGE}.{network_id}"


def feed_requests(vhost: str, network_id: UUID, password: str) -> list[ApiRequest]:
    """The changes that give a network its feed: a queue, its binding, and a user that can read only that queue."""
    host, name = quoted(vhost), feed_queue(network_id)
    only_this = f"^claim-feed\\.{network_id}$"
    return [
        ApiRequest("PUT", f"/api/queues/{host}/{name}", {"durable": True, "arguments": dict(QUORUM)}),
        binding_request(host, Binding(FEED_EXCHANGE, name, str(network_id))),
        ApiRequest("PUT", f"/api/users/{name}", {"password": password, "tags": ""}),
        ApiRequest("PUT", f"/api/permissions/{host}/{name}", {"configure": "^$", "write": "^$", "read": only_this}),
    ]


def open_feed(api: BrokerApi, network_id: UUID, password: str) -> None:
    """Makes a network's feed; made again, it changes nothing but the password."""
    for request in feed_requests(api.vhost, network_id, password):
        api.send(request)
