"""PostgreSQL and the broker's nodes as a run breaks them: killed, away for a while, started again."""

import signal
import time
from collections.abc import Callable, Iterable, Mapping
from math import inf
from typing import Protocol

from map_of_system import BROKER, BROKERS, DATABASE, NODES
from places_of_nodes import NoLinks
from standing import Standing

from cli.servers.postgres import Postgres
from cli.servers.rabbitmq import RabbitMQ

_START_AGAIN_S = 0.5
# RabbitMQ 3.10 may fail to start anew after a pause for its minority: its node stays, and does nothing. Whoever runs a
# cluster watches for that; a node that only boots takes less.
HUNG_S, _LOOK_S = 60.0, 1.5


class Broker(Protocol):
    """RabbitMQ, of one node or of three."""

    nodes: dict[str, RabbitMQ]
    amqp_url: str

    def is_whole(self) -> bool:
        """Whether every node works, and every queue has all of its members."""

    def cut(self, links: Iterable[str]) -> None:
        """From now on nothing comes through on these links between nodes."""

    def mend(self, links: Iterable[str]) -> None:
        """It does again."""


class OneNode:
    """The broker of an ordinary system."""

    def __init__(self, rabbitmq: RabbitMQ) -> None:
        self.nodes = {BROKER: rabbitmq}
        self.amqp_url = rabbitmq.amqp_url

    def is_whole(self) -> bool:
        return self.nodes[BROKER].answers()

    def cut(self, links: Iterable[str]) -> None:
        raise NoLinks(f"one node: {', '.join(links)}")

    mend = cut


class Servers:
    """By name. `is_up` of the broker means all of it."""

    def __init__(self, servers: Mapping[str, RabbitMQ | Postgres], broker_is_whole: Callable[[], bool]) -> None:
        self._servers = servers
        self._away: set[str] = set()
        self._started_at = dict.fromkeys(servers, 0.0)
        self._nodes = [name for name in servers if name in NODES]
        self._silent_since = dict.fromkeys(self._nodes, inf)
        looks = {name: servers[name].answers for name in [DATABASE, *self._nodes]}
        self._standing = Standing({**looks, BROKER: broker_is_whole})
        self._next_look = 0.0
        self.restarted: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name in self._servers

    def pid(self, name: str) -> int | None:
        return self._servers[name].pid

    def answers(self, name: str) -> bool:
        """Asks now, and waits for the answer."""
        return self._servers[name].answers()

    def is_up(self, kind: str) -> bool:
        """BROKER or DATABASE: whether it was there, whole, just now."""
        return not any(kind_of(name) == kind for name in self._away) and self._standing.is_up(kind)

    def kill(self, name: str) -> None:
        """It stays away until it is brought back."""
        self._away.add(name)
        self._servers[name].stop(signal.SIGKILL)

    def bring_back(self, names: Iterable[str]) -> None:
        self._away.difference_update(names)

    def changed(self, places: Iterable[str]) -> None:
        """Something was done to these: what was seen of them does not hold any more."""
        for kind in {kind_of(place) for place in places} & {BROKER, DATABASE}:
            self._standing.changed(kind)

    def look_after(self) -> None:
        for name, server in self._servers.items():
            # A PostgreSQL that was killed starts only when the last of its old processes has gone.
            waited = time.monotonic() - self._started_at[name] > _START_AGAIN_S
            if name not in self._away and server.pid is None and waited:
                self._started_at[name] = time.monotonic()
                server.start()

    def restart_the_hung(self, *, is_broken: bool) -> None:
        """A node that has been silent for long while nothing of the broker is broken."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_S
        for name in self._nodes:
            if is_broken or name in self._away or self._standing.is_up(name):
                self._silent_since[name] = now
            elif now - self._silent_since[name] > HUNG_S:
                self._silent_since[name] = now
                self.restarted.append(name)
                self._servers[name].stop(signal.SIGKILL)

    def close(self) -> None:
        self._standing.close()


def kind_of(place: str) -> str:
    """BROKER for each of its nodes; everything else is its own kind."""
    return BROKER if place in BROKERS else place
