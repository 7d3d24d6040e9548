"""RabbitMQ as a cluster of three nodes, each as on a machine of its own: a network namespace with an address.

Where there can be no namespaces the nodes share 127.0.0.1: they can be killed and paused, and not cut off.
"""

import secrets
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from map_of_system import NODES
from namespaces import Namespaces, why_none
from places_of_nodes import Loopback, Place

from cli.servers.process import ServerFailed, give_to, last_lines, stop_child
from cli.servers.rabbitmq import RabbitMQ
from shared.messaging.broker_api import BrokerApi, BrokerRefused

# A node that is silent for so long counts as gone; by default it is a minute, longer than our partitions.
TICK_S = 12
CLUSTERED = f"""\
cluster_formation.peer_discovery_backend = classic_config
cluster_partition_handling = pause_minority
queue_leader_locator = balanced
net_ticktime = {TICK_S}
"""
ERLANG = "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none"
CRITICAL = "/api/health/checks/node-is-quorum-critical"
# A node alone needs some seconds of processor time to start; on a machine that many share, that is minutes.
WHOLE_WITHIN_S = 600.0
_POLL_S = 0.25


class Node(RabbitMQ):
    """One of them; `places` are all nodes' by their names."""

    def __init__(self, directory: Path, name: str, password: str, cookie: str, places: Mapping[str, Place]) -> None:
        super().__init__(directory, dict(places[name].ports), password)
        self.host = places[name].address
        self.through = places[name].through
        self.name = name
        self._cookie = cookie
        self._places = places

    def is_in_its_place(self, count: int) -> bool:
        """Whether it sees `count` nodes at work, and every queue would go on without this one."""
        if not self.answers() or self.asked(CRITICAL) != 200:
            return False
        try:
            seen = BrokerApi(self.api_url).get("/api/nodes") or []
        except BrokerRefused:
            return False
        return sum(bool(node["running"]) for node in seen) == count

    def start(self) -> None:
        cookie = self._home / ".erlang.cookie"
        if not cookie.exists():
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            cookie.touch(mode=0o400)
            cookie.write_text(self._cookie, "utf-8")
            give_to(self._user, cookie)
        super().start()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """The epmd stays, which all nodes of one machine share."""
        if self._child is not None:
            stop_child(self._child, how, within=60)
            self._child = None

    def end(self) -> None:
        """For good."""
        super().stop(signal.SIGKILL)

    def _files(self) -> dict[str, str]:
        files, places = super()._files(), self._places.values()
        peers = (f"cluster_formation.classic_config.nodes.{n} = {one.erlang_name}\n" for n, one in enumerate(places, 1))
        files["rabbitmq.conf"] += CLUSTERED + "".join(peers)
        hosts = {one.erlang_name.partition("@")[2]: one.address for one in places}
        known = (f'{{host, {{{address.replace(".", ",")}}}, ["{host}"]}}.\n' for host, address in hosts.items())
        return {**files, "inetrc": "{lookup, [file, native]}.\n" + "".join(known)}

    def _environment(self) -> dict[str, str]:
        return {
            **super()._environment(),
            "RABBITMQ_NODENAME": self._places[self.name].erlang_name,
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG,
            "ERL_INETRC": str(self._home / "inetrc"),
            "ERL_EPMD_ADDRESS": self.host,
        }


class Cluster:
    """Three nodes. What is asked of a broker is asked of them together: settings name them all."""

    def __init__(self, directory: Path, spaces: Namespaces | Loopback) -> None:
        self._spaces = spaces
        password, cookie = secrets.token_urlsafe(16), secrets.token_hex(16).upper()
        places = {name: spaces.place(name) for name in NODES}
        self.nodes: dict[str, Node] = {}
        for name in NODES:
            (directory / name).mkdir(mode=0o711)
            self.nodes[name] = Node(directory / name, name, password, cookie, places)

    @property
    def amqp_url(self) -> str:
        """All nodes, as administrator."""
        return " ".join(node.amqp_url for node in self.nodes.values())

    @property
    def api_url(self) -> str:
        return " ".join(node.api_url for node in self.nodes.values())

    def start(self) -> None:
        for node in self.nodes.values():
            node.start()

    def stop(self) -> None:
        for node in self.nodes.values():
            node.end()

    def wait_whole(self, within: float = WHOLE_WITHIN_S) -> None:
        """Returns once every node answers, and every queue has all of its members."""
        deadline = time.monotonic() + within
        while not self.is_whole():
            if time.monotonic() > deadline:
                words = "\n".join(f"--- {name}\n{last_lines(node.log)}" for name, node in self.nodes.items())
                raise ServerFailed(f"the cluster is not whole after {within:.0f} s\n{words}")
            time.sleep(_POLL_S)

    def is_whole(self) -> bool:
        """Whether each node runs, sees all others, and could end without a queue losing its majority."""
        return all(node.is_in_its_place(len(self.nodes)) for node in self.nodes.values())

    def cut(self, links: Iterable[str]) -> None:
        """Nothing comes through on links like `rabbitmq-1>rabbitmq-2`: from the first to the second."""
        for link in links:
            self._spaces.cut(*link.split(">"))

    def mend(self, links: Iterable[str]) -> None:
        for link in links:
            self._spaces.mend(*link.split(">"))


@contextmanager
def cluster(directory: Path) -> Iterator[Cluster]:
    """Whole at the beginning, gone at the end."""
    with ExitStack() as stack:
        spaces = Loopback(NODES) if why_none() else stack.enter_context(Namespaces(NODES, directory / "namespaces.log"))
        made = Cluster(directory, spaces)
        stack.callback(made.stop)
        made.start()
        made.wait_whole()
        yield made
