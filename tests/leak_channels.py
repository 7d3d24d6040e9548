"""Everywhere that patient data and secrets must not come: each channel's bytes, and a way to plant a leak in it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pika
import psycopg2
import urllib3
from fix_desk import Desk

from cli.compose import read_processes
from shared.database.migrate import DATABASES
from shared.messaging.broker_api import ApiRequest, BrokerApi, quoted

Read = Callable[[], bytes]
Plant = Callable[[str], object]


@dataclass(frozen=True)
class Channel:
    """`read` gives all that has passed; `plant` lets one value out."""

    read: Read
    plant: Plant


class Firehose:
    """Every message that the broker took or gave since it was opened, as its own trace tells it."""

    def __init__(self, desk: Desk) -> None:
        parameters = pika.URLParameters(desk.system.rabbitmq.amqp_url)
        parameters.heartbeat = 0  # nobody listens to the connection between two reads
        self._connection = pika.BlockingConnection(parameters)
        self._channel = self._connection.channel()
        self._queue = self._channel.queue_declare("", exclusive=True).method.queue
        self._channel.queue_bind(self._queue, "amq.rabbitmq.trace", "#")
        self._seen = bytearray()

    def read(self) -> bytes:
        while True:
            method, properties, body = self._channel.basic_get(self._queue, auto_ack=True)
            if method is None:
                return bytes(self._seen)
            self._seen += json.dumps([method.routing_key, str(properties)]).encode() + body + b"\n"

    def plant(self, value: str) -> None:
        self._channel.basic_publish("", "nowhere", value.encode())

    def close(self) -> None:
        self._connection.close()


@contextmanager
def firehose(desk: Desk) -> Iterator[Firehose]:
    """The broker traces meanwhile."""
    api = BrokerApi(desk.system.rabbitmq.api_url)
    with closing(Firehose(desk)) as open_hose:
        api.send(ApiRequest("PUT", f"/api/vhosts/{quoted('/')}", {"tracing": True}))
        try:
            yield open_hose
        finally:
            api.send(ApiRequest("PUT", f"/api/vhosts/{quoted('/')}", {"tracing": False}))


def channels(desk: Desk, hose: Firehose, problems: list[bytes]) -> Mapping[str, Channel]:
    """Every channel of a running system by name; `problems` are the answers that were not successes."""
    system = desk.system
    names = [name for name in read_processes() if name != "migrate"]
    found = {f"log of {name}": _file(system.instance.logs / f"{name}.log") for name in [*names, "migrate"]}
    found |= {f"metrics of {name}": _page(f"http://{system.address(name)}/metrics") for name in names}
    found |= {f"audit of {name}": _table(desk, name) for name in DATABASES}
    data = system.rabbitmq.log.parent / "rabbitmq" / "data"
    return found | {
        "log of PostgreSQL": Channel(system.postgres.log.read_bytes, lambda value: _tell_postgres(desk, value)),
        "log of RabbitMQ": Channel(system.rabbitmq.log.read_bytes, lambda value: _knock(desk, value)),
        "firehose": Channel(hose.read, hose.plant),
        "files of RabbitMQ": Channel(lambda: _folder(data), lambda value: _store(desk, value)),
        "problems": Channel(lambda: b"\n".join(problems), lambda value: problems.append(value.encode())),
        "command lines": _command_lines(desk, names),
        "notes of the instance": _notes(system.instance.directory),
        "list of parked events": _parked(desk),
    }


def _file(path: Path) -> Channel:
    def plant(value: str) -> None:
        with path.open("ab") as log:
            log.write(f"{value}\n".encode())

    return Channel(path.read_bytes, plant)


def _page(url: str) -> Channel:
    planted: list[bytes] = []
    return Channel(lambda: urllib3.request("GET", url).data + b"".join(planted), lambda v: planted.append(v.encode()))


def _table(desk: Desk, database: str) -> Channel:
    """Audit entries: ids, slugs and decisions, for readers who need not see a patient."""
    statement = "SELECT row_to_json(a)::text AS row FROM audit_entries a"
    planted: list[bytes] = []
    return Channel(
        lambda: b"\n".join([*(row["row"].encode() for row in desk.rows(database, statement)), *planted]),
        lambda value: planted.append(value.encode()),
    )


def _tell_postgres(desk: Desk, value: str) -> None:
    with closing(psycopg2.connect(desk.system.admin_url("records"))) as connection, connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE LOG '%', $1; END $$".replace("$1", f"'{value}'"))


def _knock(desk: Desk, value: str) -> None:
    """A login that the broker refuses: it logs the name."""
    parameters = pika.URLParameters(desk.system.rabbitmq.amqp_url)
    parameters.credentials = pika.PlainCredentials(value, "wrong")
    try:
        pika.BlockingConnection(parameters).close()
    except pika.exceptions.AMQPError:
        return


def _store(desk: Desk, value: str) -> None:
    """A persistent message on a queue like ours."""
    with closing(pika.BlockingConnection(pika.URLParameters(desk.system.rabbitmq.amqp_url))) as connection:
        channel = connection.channel()
        channel.queue_declare("planted", durable=True, arguments={"x-queue-type": "quorum"})
        channel.confirm_delivery()
        channel.basic_publish("", "planted", value.encode(), pika.BasicProperties(delivery_mode=2))
        channel.queue_delete("planted")


def _folder(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def _command_lines(desk: Desk, names: list[str]) -> Channel:
    system, children = desk.system, []
    pids = [*(system.pid(name) for name in names), system.postgres.pid, system.rabbitmq.pid]

    def read() -> bytes:
        with_planted = [*pids, *(child.pid for child in children)]
        folders = [Path(f"/proc/{pid}") for pid in with_planted if pid]
        lines = [(folder / name).read_bytes() for folder in folders for name in ("cmdline", "environ")]
        for child in children:
            child.kill()
            child.wait()
        children.clear()
        return b"\n".join(lines)

    def plant(value: str) -> None:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", value])
        children.append(child)
        system.wait_until(lambda: value.encode() in Path(f"/proc/{child.pid}/cmdline").read_bytes())

    return Channel(read, plant)


def _notes(folder: Path) -> Channel:
    """Ports, pids and settings that the launcher writes down beside the secrets."""
    planted = folder / "planted.json"

    def read() -> bytes:
        notes = b"\n".join(path.read_bytes() for path in folder.glob("*.json"))
        planted.unlink(missing_ok=True)
        return notes

    return Channel(read, lambda value: planted.write_text(value, "utf-8"))


def _parked(desk: Desk) -> Channel:
    planted: list[str] = []

    def read() -> bytes:
        shown = [desk.command("parked", "list", "--all", *more).stdout for more in ((), ("--json",))]
        return "\n".join([*shown, *planted]).encode()

    return Channel(read, planted.append)
