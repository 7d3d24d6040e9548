"""The system of one slice: two of everything over the proxy, and a broker of one node or of three."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from fix_system import RunningSystem, running_system
from laying import laid
from nodes import cluster
from proxied import Proxy
from servers import Broker, OneNode

from cli.servers.home import thrown_away_home


@contextmanager
def system_of(nodes: int, settings: Mapping[str, str]) -> Iterator[tuple[RunningSystem, Broker, Proxy]]:
    """Every process ready, over the proxy; a cluster is whole, so that every queue has three members."""
    if nodes == 1:
        with running_system(settings, durable=True, starts=False) as system:
            broker = OneNode(system.rabbitmq)
            with laid(system, broker.nodes) as proxy:
                yield system, broker, proxy
        return
    with thrown_away_home() as home, cluster(home) as three:
        given = {"FRONTDESK_AMQP_URL": three.amqp_url, "FRONTDESK_RABBITMQ_API_URL": three.api_url}
        with running_system(settings, durable=True, starts=False, given=given) as system:
            with laid(system, three.nodes) as proxy:
                yield system, three, proxy
