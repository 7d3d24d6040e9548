"""Everywhere that patient data and secrets must not come: each channel's bytes, and a way to plant a leak in it."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pika
import psycopg2
import urllib3
from fix_desk import Desk
from fix_system import RunningSystem
from leak_run import Run
from pika.exceptions import AMQPError

from cli.accounts import add_account
from cli.compose import read_processes
from cli.status import status
from shared.database.migrate import DATABASES
from shared.messaging.broker_api import ApiRequest, BrokerApi, quoted

Read = Callable[[], bytes]
Plant = Callable[[str], object]


@dataclass(frozen=True)
class Channel:
    """`read` gives all that has passed; `plant` lets a value into what is read; `clean` takes out what would stay."""

    read: Read
    plant: Plant
    clean: Callable[[], object] = lambda: None


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
        with suppress(AMQPError):  # tests that kill the broker have closed it
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


def channels(run: Run, hose: Firehose) -> Mapping[str, Channel]:
    """Every channel of a running system by name."""
    desk, system = run.desk, run.desk.system
    names = [name for name in read_processes() if name != "migrate"]
    found = {f"log of {name}": _file(system.instance.logs / f"{name}.log") for name in [*names, "migrate"]}
    found |= {f"metrics of {name}": _metrics(system, name) for name in names}
    found |= {f"audit of {name}": _audit(desk, name) for name in DATABASES}
    data = system.rabbitmq.log.parent / "rabbitmq" / "data"
    return found | {
        "log of PostgreSQL": Channel(system.postgres.log.read_bytes, lambda value: _tell_postgres(desk, value)),
        "log of RabbitMQ": Channel(system.rabbitmq.log.read_bytes, lambda value: _knock(desk, value)),
        "firehose": Channel(hose.read, hose.plant),
        "files of RabbitMQ": Channel(lambda: _folder(data), lambda value: _store(desk, value)),
        "problems": Channel(lambda: b"\n".join(run.problems), lambda value: _be_refused(run, value)),
        "command lines": _command_lines(desk, names),
        "notes of the instance": _notes(system.instance.directory),
        "output of status": _status(system),
        "output of user list": _users(desk),
        "output of parked list": _parked(desk),
        "output of parked list --json": _parked(desk, "--json"),
    }


def _file(path: Path) -> Channel:
    def plant(value: str) -> None:
        with path.open("ab") as log:
            log.write(f"{value}\n".encode())

    return Channel(path.read_bytes, plant)


def _metrics(system: RunningSystem, name: str) -> Channel:
    """A process's own page; the leak is one of its metrics (tests/plants)."""

    def read() -> bytes:
        told = {"Authorization": f"Bearer {system.secret('metrics_token')}"}  # asked for by the public gateway alone
        got = urllib3.request("GET", f"http://{system.address(name)}/metrics", headers=told)
        assert got.status == 200
        return got.data

    def plant(value: str) -> None:
        _show_metric(system, name, value)
        system.wait_until(lambda: value.encode() in read())

    return Channel(read, plant, lambda: _show_metric(system, name, ""))


def _show_metric(system: RunningSystem, name: str, word: str) -> None:
    Path(system.settings(name)["PLANTED_METRIC"]).write_text(word, "utf-8")
    os.kill(system.pid(name) or 0, signal.SIGUSR2)


def _status(system: RunningSystem) -> Channel:
    """It prints some of the relay's metrics."""

    def read() -> bytes:
        with system.as_environment(), redirect_stdout(io.StringIO()) as shown:
            status(SimpleNamespace(obj=system.instance))
        return shown.getvalue().encode()

    page = _metrics(system, "relay")
    return Channel(read, page.plant, page.clean)


def _audit(desk: Desk, database: str) -> Channel:
    """Audit entries: ids, slugs and decisions, for readers who need not see a patient."""
    statement = "SELECT row_to_json(a)::text AS row FROM audit_entries a"
    add = (
        "INSERT INTO audit_entries (network_id, at, actor_kind, actor_id, purpose, action, object_type, decision,"
        " correlation_id, detail) VALUES (%(network)s, now(), 'system', 'test', 'TREAT', 'planted', 'none', 'allowed',"
        " '', json_build_object('name', %(value)s))"
    )
    return Channel(
        lambda: b"\n".join(row["row"].encode() for row in desk.rows(database, statement)),
        lambda value: desk.rows(database, add, network=desk.elm.network_id, value=value),
        lambda: desk.rows(database, "DELETE FROM audit_entries WHERE action = 'planted'"),
    )


def _be_refused(run: Run, value: str) -> None:
    """A request's own key is on every answer to it."""
    assert run.ask("POST", "/v1/nowhere", {}, Idempotency_Key=value)[0] == 404


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
        folders = [Path(f"/proc/{pid}") for pid in [*pids, *(child.pid for child in children)] if pid]
        return b"\n".join((folder / name).read_bytes() for folder in folders for name in ("cmdline", "environ"))

    def plant(value: str) -> None:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", value])
        children.append(child)
        system.wait_until(lambda: value.encode() in Path(f"/proc/{child.pid}/cmdline").read_bytes())

    def clean() -> None:
        child = children.pop()
        child.kill()
        child.wait()

    return Channel(read, plant, clean)


def _notes(folder: Path) -> Channel:
    """Ports, pids and settings that the launcher writes down beside the secrets."""
    planted = folder / "planted.json"
    return Channel(
        lambda: b"\n".join(path.read_bytes() for path in folder.glob("*.json")),
        lambda value: planted.write_text(value, "utf-8"),
        planted.unlink,
    )


def _printed(desk: Desk, *command: str) -> bytes:
    """What a command wrote, wherever; wide enough that its tables break no word."""
    done = desk.command(*command, COLUMNS="1000")
    assert done.returncode == 0, done.stderr
    return (done.stdout + done.stderr).encode()


def _users(desk: Desk) -> Channel:
    """Logins of people at work, and nothing that they sign in with."""
    network = desk.elm.network_id

    def plant(value: str) -> None:
        with desk.system.as_environment():
            add_account(desk.network_id("elm"), f"{value}@elm.example", "secretary", [desk.elm.sites[0]["site_id"]])

    return Channel(lambda: _printed(desk, "user", "list", "--network", network), plant)


def _parked(desk: Desk, *more: str) -> Channel:
    """The list of one service's parked events; the leak is in a column that it shows."""
    add = (
        "INSERT INTO parked_events (consumer, event_id, type, body, reason, status, next_attempt_at)"
        " VALUES ('records.on_appointment', gen_random_uuid(), 'planted', '{}', %(value)s, 'settled', now())"
    )
    return Channel(
        lambda: _printed(desk, "parked", "list", "--all", *more),
        lambda value: desk.rows("records", add, value=value),
        lambda: desk.rows("records", "DELETE FROM parked_events WHERE type = 'planted'"),
    )
