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
BROKER, DATABASE, DESK = "rabbitmq", "postgres", "desk"


class Edge(NamedTuple):
    """A way that connections go: who opens them, and to whom."""

    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source}>{self.target}"


EDGES = (
    *(Edge(DESK, gateway) for gateway in GATEWAYS),
    *(Edge(gateway, serve) for gateway in GATEWAYS for serve in SERVES),
    *(Edge(process, DATABASE) for process in PROCESSES),
    *(Edge(process, BROKER) for process in (*SERVES, *RELAYS)),
)


def edges_of(process: str) -> tuple[Edge, ...]:
    """All edges of one process or server."""
    return tuple(edge for edge in EDGES if process in edge)


def kind_of(process: str) -> str:
    """What a twin is the second one of: `gateway` of `gateway-b`."""
    return process.removesuffix("-b")
