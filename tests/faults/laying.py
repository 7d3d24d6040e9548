"""Two of everything, and the proxy between them: the settings that send each connection over its edge."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from fix_system import RunningSystem
from map_of_system import DATABASE, DESK, GATEWAYS, PROCESSES, SERVICES, TWINS, Edge, edges, kind_of
from proxied import Proxy

from cli.servers.rabbitmq import RabbitMQ

_DATABASE_URL, _BROKER_URL = "_DATABASE_URL_FILE", "FRONTDESK_AMQP_URL_FILE"


@contextmanager
def laid(system: RunningSystem, brokers: Mapping[str, RabbitMQ]) -> Iterator[Proxy]:
    """The system, of which nothing has started, with the second one of each kind: every process starts over the proxy.

    `brokers` are the nodes by name; a process that publishes or consumes knows them all.
    """
    for twin in TWINS:
        system.add_another(kind_of(twin), twin)
    targets = {str(edge): _place(system, brokers, edge.target) for edge in edges(len(brokers))}
    with Proxy(system.instance.directory, targets, system.instance.read("ports").values()) as proxy:
        system.start_all({process: _settings(system, proxy, process, list(brokers)) for process in PROCESSES})
        yield proxy
        system.kill_all()  # its verdict is known, and draining it takes a while


def doors(proxy: Proxy) -> list[str]:
    """The gateways as a desk reaches them."""
    return [f"http://{proxy.address(str(Edge(DESK, gateway)))}" for gateway in GATEWAYS]


def _place(system: RunningSystem, brokers: Mapping[str, RabbitMQ], target: str) -> str:
    if target == DATABASE:
        return _host_of(system.admin_url("scheduling"))
    return _host_of(brokers[target].amqp_url) if target in brokers else system.address(target)


def _settings(system: RunningSystem, proxy: Proxy, process: str, brokers: list[str]) -> dict[str, str]:
    """What takes the place of the process's own settings."""
    own, chosen = system.settings(process), {}
    ways = {edge.target for edge in edges(len(brokers)) if edge.source == process}
    for name, file in own.items():
        over = [DATABASE] if name.endswith(_DATABASE_URL) else brokers if name == _BROKER_URL else []
        if ways.issuperset(over) and over:
            url = Path(file).read_text("utf-8").split()[0]
            chosen[name.removesuffix("_FILE")] = " ".join(proxy.through(f"{process}>{one}", url) for one in over)
    if process in GATEWAYS:
        chosen |= {f"FRONTDESK_{name.upper()}_URL": _replicas(proxy, process, name) for name in SERVICES}
    return chosen


def _replicas(proxy: Proxy, gateway: str, service: str) -> str:
    return " ".join(f"http://{proxy.address(str(Edge(gateway, one)))}" for one in (service, f"{service}-b"))


def _host_of(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]
