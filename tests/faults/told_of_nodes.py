"""What a test of three nodes says of them when it has waited in vain: queues, consumers, outbox, effects, logs."""

from collections.abc import Iterator

from fix_messaging import Line
from nodes import Cluster

from cli.servers.process import last_lines
from shared.messaging.broker_api import BrokerApi, BrokerRefused

_LAST = 15
_OF_A_NODE = ("running", "partitions", "mem_alarm", "disk_free_alarm")
_OF_A_QUEUE = ("leader", "online", "consumers", "messages_ready", "messages_unacknowledged")


def what_there_is(three: Cluster, line: Line) -> str:
    """For a person to read; logs hold no secrets, and addresses are not told."""
    return "\n".join([*_of_events(line), *_of_queues(three), *_of_logs(three, line)])


def _of_events(line: Line) -> Iterator[str]:
    effects = line.effects()
    told = {row["event_id"] for row in line.rows(line.told, "SELECT event_id FROM outbox")}
    had = {row["event_id"] for row in effects}
    yield f"told {len(told)}; effects {len(effects)} of {len(had)} events, {len(had - told)} of them of another line"
    yield f"parked {len(line.parked())}, unpublished:"
    for row in line.unpublished():
        yield "  " + ", ".join(f"{key} {value}" for key, value in row.items() if key not in ("body", "payload"))


def _of_queues(three: Cluster) -> Iterator[str]:
    try:
        api = BrokerApi(three.api_url)
        for node in api.get("/api/nodes"):
            yield f"{node['name']}: " + ", ".join(f"{key} {node.get(key)}" for key in _OF_A_NODE)
        for row in api.get("/api/queues/%2F"):
            yield f"{row['name']}: " + ", ".join(f"{key} {row.get(key)}" for key in _OF_A_QUEUE)
        for row in api.get("/api/consumers/%2F"):
            node = row["channel_details"].get("node")
            yield f"consumer of {row['queue']['name']} at {node}: active {row.get('active')}"
        for row in api.get("/api/connections"):
            yield f"connection of {row.get('user')} to {row.get('node')}: {row.get('state')}"
    except BrokerRefused as error:
        yield f"queues: {error}"


def _of_logs(three: Cluster, line: Line) -> Iterator[str]:
    logs = {**{name: node.log for name, node in three.nodes.items()}, **{at.stem: at for at in line.logs.glob("*.log")}}
    for name, log in sorted(logs.items()):
        yield f"--- {name}\n{last_lines(log, _LAST)}"
