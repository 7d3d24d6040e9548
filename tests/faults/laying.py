"""Two of everything, and the proxy between them: the settings that send each connection over its edge."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from fix_system import RunningSystem
from map_of_system import BROKER, DATABASE, DESK, EDGES, GATEWAYS, PROCESSES, SERVICES, TWINS, Edge, kind_of
from proxied import Proxy

_DATABASE_URL, _BROKER_URL = "_DATABASE_URL_FILE", "FRONTDESK_AMQP_URL_FILE"


@contextmanager
def laid(system: RunningSystem) -> Iterator[Proxy]:
    """The system with the second one of each kind, every process started anew over the proxy."""
    for twin in TWINS:
        system.add_another(kind_of(twin), twin)
    with Proxy(system.instance.directory, {str(edge): _place(system, edge.target) for edge in EDGES}) as proxy:
        system.restart_all({process: _settings(system, proxy, process) for process in PROCESSES})
        yield proxy


def doors(proxy: Proxy) -> list[str]:
    """The gateways as a desk reaches them."""
    return [f"http://{proxy.address(str(Edge(DESK, gateway)))}" for gateway in GATEWAYS]


def _place(system: RunningSystem, target: str) -> str:
    if target == DATABASE:
        return urlsplit(system.admin_url("scheduling")).netloc.rpartition("@")[2]
    if target == BROKER:
        return urlsplit(system.rabbitmq.amqp_url).netloc.rpartition("@")[2]
    return system.address(target)


def _settings(system: RunningSystem, proxy: Proxy, process: str) -> dict[str, str]:
    """What takes the place of the process's own settings."""
    own, chosen = system.settings(process), {}
    for name, file in own.items():
        edge = DATABASE if name.endswith(_DATABASE_URL) else BROKER if name == _BROKER_URL else ""
        if edge and Edge(process, edge) in EDGES:
            url = Path(file).read_text("utf-8").strip()
            chosen[name.removesuffix("_FILE")] = proxy.through(str(Edge(process, edge)), url)
    if process in GATEWAYS:
        chosen |= {f"FRONTDESK_{name.upper()}_URL": _replicas(proxy, process, name) for name in SERVICES}
    return chosen


def _replicas(proxy: Proxy, gateway: str, service: str) -> str:
    return " ".join(f"http://{proxy.address(str(Edge(gateway, one)))}" for one in (service, f"{service}-b"))
