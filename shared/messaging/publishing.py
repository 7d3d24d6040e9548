"""Publishing rows over one pika SelectConnection: confirms pipelined in a bounded window.

One thread owns everything here; only `stop` and `nudge` may be called from another.
A row counts as published after its confirm and never before; a message that no queue took is
returned *and* confirmed, so returned ids are matched first.
"""

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

import pika
import psycopg2
from pika.adapters.select_connection import IOLoop
from pika.exceptions import AMQPError

from shared.events.registry import FEED_EXCHANGE, aggregate_of_type, consumers_of, exchange_of
from shared.failpoints import failpoint
from shared.messaging.outbox_rows import OutboxRow
from shared.messaging.window import Flight, Window

WINDOW = 256
CONFIRM_DEADLINE_S = 10.0
BUSY_POLL_S = 0.02
IDLE_POLL_S = 1.0
_STAYS_BUSY_S = 0.5
_HEARTBEAT_S = 20
_BLOCKED_TIMEOUT_S = 300


class BrokerAway(Exception):
    """The broker cannot be reached, or the connection to it was lost."""


class Source(Protocol):
    """Where rows come from and where their outcome goes."""

    def due(self, limit: int, excluding: Collection[int]) -> list[OutboxRow]:
        """The next rows to publish."""
        ...

    def stamp(self, ids: Sequence[int]) -> None:
        """These were confirmed."""
        ...

    def hold_back(self, rows: Sequence[OutboxRow], reason: str) -> None:
        """These were not; try again later."""
        ...


class Observer(Protocol):
    """Who counts what happens."""

    def published(self, count: int) -> None: ...

    def held_back(self, row: OutboxRow, reason: str) -> None: ...

    def blocked(self, *, now: bool) -> None: ...


class Publishing:
    """Publishes what `source` says is due until `stop`; then waits for what is in flight and ends.

    `ends_when_idle` ends it as soon as the source has nothing more (replay).
    """

    def __init__(
        self, url: str, source: Source, observer: Observer, *, window: int = WINDOW, ends_when_idle: bool = False
    ) -> None:
        self._parameters = _parameters(url)
        self._source = source
        self._observer = observer
        self._window = Window(window)
        self._ends_when_idle = ends_when_idle
        self._loop = IOLoop()
        self._confirmed: list[int] = []
        self._failure: Exception | None = None
        self._stopping = False
        self._blocked_at: float | None = None
        self._busy_until = 0.0
        self._tag = 0
        self._timer: Any = None
        self._channel: Any = None
        self.has_opened = False
        self._found_some = True

    @property
    def loop(self) -> IOLoop:
        """The loop, for watching another file descriptor beside the broker."""
        return self._loop

    @property
    def is_publishing(self) -> bool:
        """Whether the channel is open."""
        return self._channel is not None and bool(self._channel.is_open)

    def run(self) -> None:
        """Blocks until stopped. Raises BrokerAway, or psycopg2.Error from the source."""
        self._connection = pika.SelectConnection(
            self._parameters, self._opened, self._not_opened, self._closed, custom_ioloop=self._loop
        )
        try:
            self._loop.start()
        finally:
            self._loop.close()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Asks for the end, from any thread."""
        self._loop.add_callback_threadsafe(self._drain)

    def nudge(self) -> None:
        """Something may be due: looks now. Only from the loop's own thread."""
        if self.is_publishing:
            self._schedule(0)

    def fail(self, failure: Exception) -> None:
        """Ends with this failure (the lock was lost, the database is away). Only from the loop's own thread."""
        self._failure = self._failure or failure
        if self._connection.is_open:
            self._connection.close()
        elif not self._connection.is_closing:
            self._loop.stop()

    def _opened(self, connection: Any) -> None:
        connection.add_on_connection_blocked_callback(self._blocked)
        connection.add_on_connection_unblocked_callback(self._unblocked)
        connection.channel(on_open_callback=self._channel_opened)

    def _not_opened(self, _connection: Any, error: Any) -> None:
        self._failure = BrokerAway(type(error).__name__)
        self._loop.stop()

    def _closed(self, _connection: Any, error: Any) -> None:
        if not self._stopping or len(self._window):
            self._failure = self._failure or BrokerAway(type(error).__name__)
        self._loop.stop()

    def _channel_opened(self, channel: Any) -> None:
        self._channel = channel
        self.has_opened = True
        channel.add_on_return_callback(self._returned)
        channel.add_on_close_callback(self._channel_closed)
        channel.confirm_delivery(self._settled, callback=lambda _frame: self._schedule(0))

    def _channel_closed(self, _channel: Any, error: Any) -> None:
        """A channel that the broker closes speaks of an exchange: only that exchange's rows are put off."""
        if not self._connection.is_open:
            return  # it ends with its connection
        text = str(getattr(error, "reply_text", ""))
        refused = [row for row in self._window.rows() if f"'{exchange_of(row.type)}'" in text]
        self._guarded(lambda: self._put_off(refused, "exchange-refused"))
        self.fail(BrokerAway("ChannelClosed"))

    def _blocked(self, _connection: Any, _method: Any) -> None:
        self._blocked_at = time.monotonic()
        self._observer.blocked(now=True)

    def _unblocked(self, _connection: Any, _method: Any) -> None:
        if self._blocked_at is not None:
            self._window.postpone(time.monotonic() - self._blocked_at)
        self._blocked_at = None
        self._observer.blocked(now=False)
        self._schedule(0)

    def _returned(self, _channel: Any, _method: Any, properties: Any, _body: bytes) -> None:
        self._window.returned(properties.message_id)

    def _settled(self, frame: Any) -> None:
        method = frame.method
        settled = list(self._window.settle(method.delivery_tag, multiple=method.multiple))
        nacked = isinstance(method, pika.spec.Basic.Nack)
        failed = [row for row, was_returned in settled if nacked or was_returned]
        self._confirmed += [row.id for row, was_returned in settled if not (nacked or was_returned)]
        if failed:
            self._guarded(lambda: self._put_off(failed, "nacked" if nacked else "unroutable"))
        if len(self._window) <= self._window.size // 2:
            self._schedule(0)

    def _drain(self) -> None:
        self._stopping = True
        if self.is_publishing:
            self._schedule(0)
        else:
            self.fail(BrokerAway("stopped"))

    def _schedule(self, seconds: float) -> None:
        if self._timer is not None:
            self._loop.remove_timeout(self._timer)
        self._timer = self._loop.call_later(seconds, self._tick)

    def _tick(self) -> None:
        self._timer = None
        if self.is_publishing:
            self._guarded(self._work)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (psycopg2.Error, AMQPError, OSError) as error:
            self.fail(error if isinstance(error, psycopg2.Error) else BrokerAway(type(error).__name__))

    def _work(self) -> None:
        now = time.monotonic()
        self._stamp()
        if self._blocked_at is None:
            self._put_off(self._window.overdue(now), "confirm-late")
            if not self._stopping and self._window.room >= self._window.size // 2:
                self._send_due(now)
        if (self._stopping or self._is_spent()) and not len(self._window):
            self._stopping = True
            self._connection.close()
            return
        busy = len(self._window) or now < self._busy_until
        self._schedule(BUSY_POLL_S if busy else IDLE_POLL_S)

    def _is_spent(self) -> bool:
        return self._ends_when_idle and self._blocked_at is None and not self._found_some

    def _stamp(self) -> None:
        if not self._confirmed:
            return
        failpoint("relay.after-confirm")
        confirmed, self._confirmed = self._confirmed, []
        self._source.stamp(confirmed)
        failpoint("relay.after-stamp")
        self._observer.published(len(confirmed))

    def _put_off(self, rows: list[OutboxRow], reason: str) -> None:
        if rows:
            self._source.hold_back(rows, reason)
        for row in rows:
            self._observer.held_back(row, reason)

    def _send_due(self, now: float) -> None:
        rows = self._source.due(self._window.room, self._window.row_ids())
        self._found_some = bool(rows)
        if rows:
            self._busy_until = now + _STAYS_BUSY_S
            failpoint("relay.after-select")
        for row in rows:
            if is_told(row.type):
                self._send(row, now + CONFIRM_DEADLINE_S)
        self._put_off([row for row in rows if not is_told(row.type)], "unknown-type")
        if rows:
            failpoint("relay.after-publish")

    def _send(self, row: OutboxRow, deadline: float) -> None:
        exchange = exchange_of(row.type)
        self._tag += 1
        self._window.sent(Flight(self._tag, row, deadline))
        self._channel.basic_publish(
            exchange,
            row.network_id if exchange == FEED_EXCHANGE else row.type,
            row.body.encode(),
            _properties(row),
            mandatory=bool(consumers_of(row.type)),
        )


def is_told(type_name: str) -> bool:
    """Whether this code knows the event type; a row of a type that is gone waits for code that knows it."""
    try:
        aggregate_of_type(type_name)
    except KeyError:
        return False
    return True


def _parameters(url: str) -> pika.URLParameters:
    parameters = pika.URLParameters(url)
    parameters.heartbeat = _HEARTBEAT_S
    parameters.blocked_connection_timeout = _BLOCKED_TIMEOUT_S
    parameters.socket_timeout = 5
    parameters.stack_timeout = 10
    parameters.connection_attempts = 1
    parameters.client_properties = {"connection_name": "frontdesk relay"}
    return parameters


def _properties(row: OutboxRow) -> pika.BasicProperties:
    return pika.BasicProperties(
        message_id=row.event_id,
        type=row.type,
        content_type="application/cloudevents+json; charset=utf-8",
        delivery_mode=pika.DeliveryMode.Persistent.value,
    )
