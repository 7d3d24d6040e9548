"""Where a cluster's nodes are: each in a place of its own, or all of them on 127.0.0.1."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cli.servers.ports import free_ports
from cli.servers.throw_away import BROKER_PORTS

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
        (epmd,) = free_ports(1)
        self._places: dict[str, Place] = {}
        for name in names:
            ports = dict(zip(BROKER_PORTS, free_ports(len(BROKER_PORTS)), strict=True))
            self._places[name] = Place(f"{name}@localhost", "127.0.0.1", {**ports, "epmd": epmd})

    def place(self, name: str) -> Place:
        return self._places[name]

    def cut(self, source: str, target: str) -> None:
        raise NoLinks(f"{source} and {target} are on one machine")

    mend = cut
