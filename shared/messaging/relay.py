"""The relay: publishes outboxes. One thread per database, each with connections of its own.

One relay owns a database at a time, by an advisory lock on the connection that also hears
wake-ups; another waits and takes over when that connection ends. An owner that was cut off
may still publish what it holds: harmless, since consumers know what they have seen.
"""

import threading
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any

import psycopg2
from pika.adapters.select_connection import IOLoop
from psycopg2.extensions import connection as Connection  # noqa: N812

from shared.config import database_url, setting
from shared.database.pool import connect
from shared.health import health
from shared.logs import log, without_values
from shared.messaging import relay_metrics
from shared.messaging.backoff import full_jitter
from shared.messaging.bindings_watch import BindingsWatch
from shared.messaging.link import BrokerAway
from shared.messaging.outbox_rows import OutboxRows
from shared.messaging.publishing import Publishing
from shared.messaging.wake import listening

LOCK_KEY = 0x66726F6E74  # "front": one key, since advisory locks belong to a database
_STANDBY_POLL_S = 0.5
_LOOK_S = 1.0
_DRAIN_S = 20.0
# After a broker or a database that was away is back, facts may be so much later.
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 3.0


class DatabaseRelay(threading.Thread):
    """Publishes the outbox of one service's database until `drain`."""

    def __init__(self, service: str, database: str, broker: str) -> None:
        super().__init__(name=f"relay-{service}", daemon=True)
        self._service = service
        self._database = database
        self._broker = broker
        self._stopping = threading.Event()
        self._publishing: Publishing | None = None
        self._observer = relay_metrics.RelayObserver(service)
        self.stands_by = False

    def is_ready(self) -> bool:
        """Publishing, or standing by for the one who is."""
        return self.stands_by or (self._publishing is not None and self._publishing.is_publishing)

    def drain(self) -> None:
        """No new rows; what is in flight is waited for and stamped. From any thread."""
        self._stopping.set()
        if (publishing := self._publishing) is not None:
            with suppress(AttributeError, RuntimeError, OSError):  # its loop may be closing by itself just now
                publishing.stop()

    def run(self) -> None:
        attempt = 0
        while not self._stopping.is_set():
            try:
                self._own_and_publish()
            except (psycopg2.Error, BrokerAway) as error:
                attempt = 1 if self._was_publishing() else attempt + 1
                log.warning("relay-interrupted", source=self._service, error=without_values(error))
            except Exception:
                attempt += 1
                log.exception("relay-failed", source=self._service)
            self._publishing = None
            if not self._stopping.is_set():
                self._stopping.wait(full_jitter(max(attempt, 1), base_s=_FIRST_PAUSE_S, cap_s=_LONGEST_PAUSE_S))

    def _was_publishing(self) -> bool:
        return self._publishing is not None and self._publishing.has_opened

    def _own_and_publish(self) -> None:
        with closing(listening(self._database)) as lock, closing(connect(self._database)) as rows:
            _unhurried(rows)
            if not self._wait_for_ownership(lock):
                return
            relay_metrics.OWNER.labels(self._service).set(1)
            try:
                self._publish(lock, OutboxRows(rows))
            finally:
                relay_metrics.OWNER.labels(self._service).set(0)

    def _wait_for_ownership(self, lock: Connection) -> bool:
        while not self._stopping.is_set():
            if _try_lock(lock):
                self.stands_by = False
                return True
            self.stands_by = True
            self._stopping.wait(_STANDBY_POLL_S)
        return False

    def _publish(self, lock: Connection, rows: OutboxRows) -> None:
        publishing = Publishing(self._broker, rows, self._observer)
        _hear(publishing, lock)
        _look(publishing, lock, rows, self._observer)
        self._publishing = publishing
        if not self._stopping.is_set():
            publishing.run()


class Relay:
    """All databases of one relay process."""

    def __init__(self, services: Sequence[str]) -> None:
        broker = setting("FRONTDESK_AMQP_URL")
        self._threads = [DatabaseRelay(name, database_url(name, "relay"), broker) for name in services]
        self._watch = BindingsWatch.from_environment()

    def start(self) -> None:
        """Starts a thread per database, and the watch over the bindings."""
        for thread in self._threads:
            thread.start()
            health.register(f"relay-{thread.name}", thread.is_ready)
        self._watch.start()

    def drain(self) -> bool:
        """Waits until what is in flight is settled; False where that took too long (it is published again later)."""
        self._watch.stop()
        for thread in self._threads:
            thread.drain()
        for thread in self._threads:
            thread.join(_DRAIN_S)
        return not any(thread.is_alive() for thread in self._threads)


def run_relay(services: Sequence[str], stopping: threading.Event) -> bool:
    """Runs until `stopping` is set, then drains; True if everything in flight was settled."""
    relay = Relay(services)
    relay.start()
    stopping.wait()
    return relay.drain()


def _unhurried(rows: Connection) -> None:
    """Nobody waits for the disk over a stamp: one that a crash of the server loses is an event published again."""
    rows.autocommit = True
    with rows.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")


def _try_lock(connection: Connection) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s) AS mine", (LOCK_KEY,))
        row: Any = cursor.fetchone()
        return bool(row["mine"])


def _hear(publishing: Publishing, lock: Connection) -> None:
    """Watches the lock's connection in the broker's loop: wake-ups, and the end of ownership."""

    def heard(_fd: int, _events: int) -> None:
        try:
            lock.poll()
        except psycopg2.Error as error:
            publishing.loop.remove_handler(descriptor)
            publishing.fail(error)
            return
        _pass_on(publishing, lock)

    descriptor = lock.fileno()
    publishing.loop.add_handler(descriptor, heard, IOLoop.READ)


def _pass_on(publishing: Publishing, lock: Connection) -> None:
    if lock.notifies:
        lock.notifies.clear()
        publishing.nudge()


def _look(publishing: Publishing, lock: Connection, rows: OutboxRows, observer: relay_metrics.RelayObserver) -> None:
    """Once a second: how old the oldest waiting row is, and whether the lock's connection still answers."""

    def look() -> None:
        try:
            observer.oldest(rows.oldest_age())
            if not _try_lock(lock):  # the lock is ours and may be taken again: this asks whether it still is
                raise psycopg2.OperationalError
            _pass_on(publishing, lock)  # a wake-up that came with the answer makes no noise of its own
        except psycopg2.Error as error:
            publishing.fail(error)
            return
        publishing.loop.call_later(_LOOK_S, look)

    publishing.loop.call_later(0, look)
