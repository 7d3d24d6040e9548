"""Where a cluster's nodes are: each in a place of its own, or all of them on 127.0.0.1."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cli.servers.ports import free_ports

OWN = ("rabbitmq", "rabbitmq-api", "rabbitmq-dist")
OWN_PORTS = {"rabbitmq": 5672, "rabbitmq-api": 15672, "rabbitmq-dist": 25672, "epmd": 4369}


class NoLinks(Exception):
    """There is nothing between these nodes that could be cut."""


@dataclass(frozen=True)
class Place:
    """One node's; what starts there is started `through` a command."""

    erlang_name: str
    address: str
    ports: Mapping[str, int]
    through: Sequence[str] = ()


class Loopback:
    """Ports of their own, and one epmd for all."""

    def __init__(self, names: Iterable[str]) -> None:
        listed = tuple(names)
        # All of them at once: asked for twice, a port on which nobody listens yet may be given twice.
        epmd, *free = free_ports(1 + len(listed) * len(OWN))
        self._places: dict[str, Place] = {}
        for name in listed:
            ports = {"epmd": epmd, **{own: free.pop() for own in OWN}}
            self._places[name] = Place(f"{name}@localhost", "127.0.0.1", ports)

    def place(self, name: str) -> Place:
        return self._places[name]

    def cut(self, source: str, target: str) -> None:
        raise NoLinks(f"{source} and {target} are on one machine")

    mend = cut
