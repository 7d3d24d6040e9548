"""Publishing rows: confirms pipelined in a bounded window.

A row counts as published after its confirm and never before; a message that no queue took is
returned *and* confirmed, so returned ids are matched first. `stop` alone may be called from another thread.
"""

import math
import time
from collections.abc import Callable
from typing import Any

import pika
import psycopg2
from pika.exceptions import AMQPError

from shared.events.registry import consumers_of, exchange_of
from shared.failpoints import failpoint
from shared.messaging.link import BrokerAway, BrokerLink
from shared.messaging.messages import is_told, properties_of, routing_key_of
from shared.messaging.outbox_rows import OutboxRow
from shared.messaging.published import Observer, Source
from shared.messaging.window import Flight, Window

WINDOW = 256
CONFIRM_DEADLINE_S = 10.0
# A channel that publishes to a queue of several nodes before its new leader is known refuses for ever what is for that
# queue (RabbitMQ 3.10, measured: those opened in the third of a second after a node was killed). A relay's that still
# refuses at this age gives way to another; a replay says what was refused, and ends.
WORN_AT_S = 10.0
# What comes within so much time after a look is looked for, and stamped, together.
GATHER_S = 0.005
BUSY_POLL_S = 0.02
IDLE_POLL_S = 1.0


class Publishing(BrokerLink):
    """Publishes what `source` says is due until `stop`; then waits for what is in flight and ends.

    `ends_when_idle` ends it as soon as the source has nothing more (replay). `run` raises BrokerAway, or
    psycopg2.Error from the source.
    """

    def __init__(
        self, url: str, source: Source, observer: Observer, *, window: int = WINDOW, ends_when_idle: bool = False
    ) -> None:
        super().__init__(url)
        self._source = source
        self._observer = observer
        self._window = Window(window)
        self._ends_when_idle = ends_when_idle
        self._confirmed: list[int] = []
        self._tag = 0
        self._timer: Any = None
        self._looked_at = self._asked_at = self._answered_at = 0.0
        self._may_be_more = True
        self._again_at = math.inf
        self._is_worn = False

    def nudge(self) -> None:
        """Something may be due: looks now, or when what else comes has been gathered. From the loop's own thread.

        And once more a little later: a row waits for every transaction that is older, and those need not nudge.
        """
        if self.is_publishing:
            self._may_be_more, self._again_at = True, time.monotonic() + BUSY_POLL_S
            self._gather()

    def _look(self) -> None:
        self._may_be_more = True
        self._schedule(0)

    def _gather(self) -> None:
        self._schedule(max(0.0, self._looked_at + GATHER_S - time.monotonic()))

    def _waits(self) -> bool:
        return bool(len(self._window))

    def _refused(self, text: str) -> None:
        """It speaks of an exchange: only that exchange's rows are put off."""
        refused = [row for row in self._window.rows() if f"'{exchange_of(row.type)}'" in text]
        self._guarded(lambda: self._put_off(refused, "exchange-refused"))

    def _held_up(self, seconds: float | None) -> None:
        self._answered_at = time.monotonic()
        if seconds:
            self._window.postpone(seconds)
        self._observer.blocked(now=seconds is None)

    def _returned(self, _channel: Any, _method: Any, properties: Any, _body: bytes) -> None:
        self._window.returned(properties.message_id)

    def _settled(self, frame: Any) -> None:
        self._answered_at = time.monotonic()
        method = frame.method
        settled = list(self._window.settle(method.delivery_tag, multiple=method.multiple))
        nacked = isinstance(method, pika.spec.Basic.Nack)
        self._is_worn = self._is_worn or (nacked and not self._ends_when_idle and self.is_older_than(WORN_AT_S))
        failed = [row for row, was_returned in settled if nacked or was_returned]
        self._confirmed += [row.id for row, was_returned in settled if not (nacked or was_returned)]
        if failed:
            self._guarded(lambda: self._put_off(failed, "nacked" if nacked else "unroutable"))
        if not self._may_be_more:
            self._gather()
        elif self._has_room():
            self._look()

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
        self._looked_at = now = time.monotonic()
        self._stamp()
        if self._blocked_at is None:
            if self._is_silent(now):
                self.fail(BrokerAway("NothingConfirmed"))
                return
            if self._gives_way():
                self.fail(BrokerAway("Nacked"))
                return
            if self._may_send() and self._is_time(now):
                self._send_due(now)
        if (self._stopping or self._is_spent()) and not len(self._window):
            self._stopping = True
            self._close()
            return
        self._schedule(BUSY_POLL_S if len(self._window) or self._again_at < math.inf else IDLE_POLL_S)

    def _is_silent(self, now: float) -> bool:
        """Puts off what is late. Where nothing at all was answered meanwhile, another node may do better."""
        late = self._window.overdue(now)
        self._put_off(late, "confirm-late")
        return bool(late) and self._answered_at <= now - CONFIRM_DEADLINE_S

    def _gives_way(self) -> bool:
        """Once all is settled: what is in flight would be published twice."""
        return self._is_worn and not len(self._window) and not self._confirmed

    def _is_time(self, now: float) -> bool:
        return self._may_be_more or now >= min(self._again_at, self._asked_at + IDLE_POLL_S)

    def _may_send(self) -> bool:
        return not self._stopping and not self._is_worn and self._has_room()

    def _has_room(self) -> bool:
        return self._window.room >= self._window.size // 2

    def _is_spent(self) -> bool:
        return self._ends_when_idle and self._blocked_at is None and not self._may_be_more

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
        room = self._window.room
        rows = self._source.due(room, self._window.row_ids())
        self._asked_at, self._may_be_more = now, len(rows) == room
        if now >= self._again_at:
            self._again_at = math.inf
        if rows:
            failpoint("relay.after-select")
        for row in rows:
            if is_told(row.type):
                self._send(row, now + CONFIRM_DEADLINE_S)
        self._put_off([row for row in rows if not is_told(row.type)], "unknown-type")
        if rows:
            failpoint("relay.after-publish")

    def _send(self, row: OutboxRow, deadline: float) -> None:
        self._tag += 1
        self._window.sent(Flight(self._tag, row, deadline))
        self._channel.basic_publish(
            exchange_of(row.type),
            routing_key_of(row),
            row.body.encode(),
            properties_of(row),
            mandatory=bool(consumers_of(row.type)),
        )
