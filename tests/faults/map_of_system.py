"""What there is to break: the processes of a random run's system, its servers, and every edge between them."""

from typing import NamedTuple

SERVICES = ("scheduling", "records", "billing", "notifications")
# Each service, the gateway and the relay twice; the second one of a kind is called after the first.
SERVES = tuple(f"{name}{twin}" for name in SERVICES for twin in ("", "-b"))
GATEWAYS = ("gateway", "gateway-b")
RELAYS = ("relay", "relay-b")
WORKS = tuple(f"{name}-work" for name in SERVICES)
PROCESSES = (*SERVES, *GATEWAYS, *RELAYS, *WORKS)
TWINS = tuple(name for name in PROCESSES if name.endswith("-b"))
BROKER, DATABASE, DESK, CARRIER = "rabbitmq", "postgres", "desk", "carrier"
# The broker where it is a cluster: what publishes and consumes knows all three.
NODES = tuple(f"{BROKER}-{number}" for number in (1, 2, 3))
BROKERS = frozenset({BROKER, *NODES})


class Edge(NamedTuple):
    """A way that connections go: who opens them, and to whom."""

    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source}>{self.target}"


def brokers(nodes: int) -> tuple[str, ...]:
    """The broker's names where it has so many nodes."""
    return NODES if nodes > 1 else (BROKER,)


def edges(nodes: int = 1) -> tuple[Edge, ...]:
    """All edges of the system whose broker has so many nodes."""
    return (
        *(Edge(DESK, gateway) for gateway in GATEWAYS),
        *(Edge(gateway, serve) for gateway in GATEWAYS for serve in SERVES),
        *(Edge(process, DATABASE) for process in PROCESSES),
        *(Edge(process, broker) for process in (*SERVES, *RELAYS) for broker in brokers(nodes)),
    )


def edges_of(*names: str, nodes: int = 1) -> tuple[Edge, ...]:
    """All edges of these processes or servers."""
    return tuple(edge for edge in edges(nodes) if set(names) & set(edge))


def kind_of(process: str) -> str:
    """What a twin is the second one of: `gateway` of `gateway-b`."""
    return process.removesuffix("-b")
