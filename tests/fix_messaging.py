"""The delivery layer on real servers: `line` is scheduling's outbox, a relay, the broker and one listening service."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pika
import psycopg2
import pytest
from fix_servers import PASSWORD, BrokerUrls, DatabaseUrls
from psycopg2.extras import RealDictCursor

from shared.clock import BusinessClock
from shared.database.pool import Pool
from shared.database.statements import Statements
from shared.database.unit_of_work import Resources, UnitOfWork
from shared.database.units import UnitFactory
from shared.events.encryption import Keyring
from shared.events.scheduling import AppointmentBooked
from shared.ids import new_id
from shared.messaging import topology
from shared.messaging.broker_api import BrokerApi
from shared.messaging.wake import Waker

ROOT = Path(__file__).parents[1]
EVENT_KEYS = "k1:MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE="
CONSUMER = "notifications.on_appointment"
NETWORK, OTHER_NETWORK = UUID(int=1), UUID(int=2)
# A process alone needs a second or two of processor time to start; on a machine that many share, a minute.
WITHIN_S = 120.0

_EFFECTS = """
CREATE TABLE test_effects (
    network_id uuid NOT NULL, event_id uuid NOT NULL, subject uuid NOT NULL, version bigint NOT NULL, batch int NOT NULL
);
SELECT set_config('frontdesk.service', 'notifications', false);
SELECT frontdesk_tenant_table('test_effects');
"""


class _Units(UnitOfWork):
    statements: ClassVar[Statements] = Statements()


def appointment(version: int = 1, *, zone: str = "America/Chicago", appointment_id: UUID | None = None) -> Any:
    """A condition; `zone` tells the listening service of tests what to do (poison, kill, slow2)."""
    start = datetime(2026, 11, 24, 15, tzinfo=UTC)
    return AppointmentBooked(
        appointment_id=appointment_id or new_id(),
        version=version,
        site_id=new_id(),
        practitioner_id=new_id(),
        appointment_type_id=new_id(),
        patient_id=new_id(),
        status="booked",
        start_at=start,
        end_at=start + timedelta(minutes=30),
        zone=zone,
        previous_start_at=None,
        booked_at=start,
        arrival_id=None,
        arrived_at=None,
        cancelled_at=None,
        cancelled_reason=None,
    )


def until(condition: Callable[[], Any], within: float = WITHIN_S, every: float = 0.1) -> Any:
    """What `condition` gives once it is true; AssertionError when the deadline passes."""
    deadline = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(every)
    return found


@dataclass
class Line:
    """scheduling (tells) -> relay -> broker -> notifications (hears). Processes end with the test."""

    told: DatabaseUrls
    heard: DatabaseUrls
    amqp: Callable[[str], str]
    api_url: str
    logs: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def units(self) -> UnitFactory[_Units]:
        pool, keyring = Pool(self.told.app, 2), Keyring.parse(EVENT_KEYS)
        resources = Resources(pool=pool, clock=BusinessClock(), keyring=keyring, told=Waker(self.told.app))
        return UnitFactory("scheduling", _Units, resources)

    def tell(self, *conditions: Any, network_id: UUID = NETWORK, each: bool = False) -> None:
        """Commits the conditions as events, in one transaction or each in its own."""
        units = self.units()
        for group in [[one] for one in conditions] if each else [list(conditions)]:
            with units.for_network(network_id, "corr-1") as uow:
                for condition in group:
                    uow.record(condition)
                uow.commit()

    def start(self, mode: str, *arguments: str, failpoint: str = "", **environment: str) -> subprocess.Popen[bytes]:
        """Starts `serve` or `relay` as a process; its output is in `logs`."""
        command = [sys.executable, str(ROOT / "tests/integration/messaging/consumer_service.py"), mode, *arguments]
        log = (self.logs / f"{len(self.processes)}-{mode}.log").open("wb")
        env = {**self.environment(mode), **environment}
        if failpoint:
            env |= {"FAILPOINT": failpoint, "FRONTDESK_FAILPOINTS": "1"}
        process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        self.processes.append(process)
        return process

    def relay(self, **more: Any) -> subprocess.Popen[bytes]:
        return self.start("relay", "scheduling", **more)

    def serve(self, **more: Any) -> subprocess.Popen[bytes]:
        return self.start("serve", **more)

    def environment(self, mode: str) -> dict[str, str]:
        user = "relay" if mode == "relay" else "notifications"
        return {
            **{key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ},
            "PYTHONPATH": str(ROOT),
            "FRONTDESK_AMQP_URL": self.amqp(user),
            "FRONTDESK_RABBITMQ_API_URL": self.api_url,
            "FRONTDESK_BINDINGS_EVERY_S": "1",
            "FRONTDESK_EVENT_KEYS": EVENT_KEYS,
            "FRONTDESK_SCHEDULING_RELAY_DATABASE_URL": self.told.relay,
            "FRONTDESK_NOTIFICATIONS_DATABASE_URL": self.heard.app,
            "FRONTDESK_NOTIFICATIONS_WORKER_DATABASE_URL": self.heard.worker,
        }

    def rows(self, urls: DatabaseUrls, statement: str, *params: Any) -> list[dict[str, Any]]:
        with closing(psycopg2.connect(urls.admin, cursor_factory=RealDictCursor)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, params or None)
                return [dict(row) for row in cursor.fetchall()] if cursor.description else []

    def effects(self) -> list[dict[str, Any]]:
        return self.rows(self.heard, "SELECT * FROM test_effects")

    def without_effect(self) -> set[str]:
        """The told events that had none yet. What was in the broker's queues before is counted nowhere."""
        told = {row["event_id"] for row in self.rows(self.told, "SELECT event_id FROM outbox")}
        return told - {row["event_id"] for row in self.effects()}

    def more_than_one_effect(self) -> list[str]:
        """The events that had more effects than one."""
        counted = Counter(row["event_id"] for row in self.effects())
        return [event_id for event_id, count in counted.items() if count > 1]

    def inbox(self) -> list[dict[str, Any]]:
        return self.rows(self.heard, "SELECT * FROM inbox")

    def parked(self) -> list[dict[str, Any]]:
        return self.rows(self.heard, "SELECT * FROM parked_events ORDER BY parked_id")

    def unpublished(self) -> list[dict[str, Any]]:
        return self.rows(self.told, "SELECT * FROM outbox WHERE published_at IS NULL ORDER BY id")

    def log(self, mode: str) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted(self.logs.glob(f"*-{mode}.log")))

    def api(self) -> BrokerApi:
        return BrokerApi(self.api_url)

    def log_of(self, process: subprocess.Popen[bytes]) -> str:
        [path] = self.logs.glob(f"{self.processes.index(process)}-*.log")
        return path.read_text(errors="replace")

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait()


@pytest.fixture
def make_line(database: Callable[[str], DatabaseUrls], tmp_path: Path) -> Iterator[Callable[..., Line]]:
    """`make_line(amqp, api_url)` -> a Line on that broker, its topology declared."""
    made: list[Line] = []

    def make(amqp: Callable[[str], str], api_url: str) -> Line:
        topology.declare(BrokerApi(api_url), dict.fromkeys(topology.broker_users(), PASSWORD))
        line = Line(database("scheduling"), database("notifications"), amqp, api_url, tmp_path)
        line.rows(line.heard, _EFFECTS)
        made.append(line)
        return line

    yield make
    for line in made:
        line.stop()


@pytest.fixture
def line(make_line: Callable[..., Line], broker: BrokerUrls) -> Line:
    """A Line on the session's broker, in a virtual host of its own."""
    return make_line(broker.amqp_as, broker.api)


@pytest.fixture
def ready_in_queue(line: Line, broker: BrokerUrls) -> Callable[..., int]:
    """`ready_in_queue()` -> how many messages of a queue nobody holds, asked of the queue itself."""

    def ready(queue: str = CONSUMER) -> int:
        with closing(pika.BlockingConnection(pika.URLParameters(broker.amqp))) as connection:
            count: int = connection.channel().queue_declare(queue, passive=True).method.message_count
            return count

    return ready


@pytest.fixture
def publish_raw(line: Line, broker: BrokerUrls) -> Callable[[bytes], None]:
    """Puts bytes into the test handler's queue, past every check of ours."""

    def publish(body: bytes) -> None:
        with closing(pika.BlockingConnection(pika.URLParameters(broker.amqp))) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            channel.basic_publish("", CONSUMER, body)

    return publish
