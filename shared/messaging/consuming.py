"""Consuming in a nameko service: one connection, one lane per handler, and an end that loses no work.

On SIGTERM consumers are cancelled first, lanes settle and acknowledge what they hold, and only
then does the connection close. A start never waits for the broker: the desk books without it.
"""

import random
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore
from kombu import Connection, Consumer
from nameko.constants import AMQP_URI_CONFIG_KEY
from nameko.messaging import QueueConsumer

from shared.config import addresses_in
from shared.health import health
from shared.logs import log
from shared.messaging.amqp_connection import BufferedConnection
from shared.messaging.intake import BATCH, Intake
from shared.messaging.lane import Lane

_HEARTBEAT_S = 20
_LOOK_S = 0.2
_DRAIN_S = 25.0
# kombu's own waits grow to half a minute, for which a broker that is back would be left alone.
_WAITS_S = {"interval_start": 1, "interval_step": 1, "interval_max": 3}


class FactConsumer(QueueConsumer):  # type: ignore[misc]  # nameko has no types
    """The shared extension under every `@event_handler` of a service."""

    def __init__(self) -> None:
        super().__init__()
        self._lanes: dict[str, Lane] = {}
        self._draining = False
        self._drained = False
        self._attached = False
        self._active: list[Any] = []
        self._permits: Semaphore | None = None
        self._gt: Any = None

    @property
    def connection(self) -> Connection:
        """To any node of a cluster, in an order of its own, so that services spread over the nodes."""
        addresses = addresses_in(self.container.config[AMQP_URI_CONFIG_KEY])
        nodes = ";".join(random.sample(addresses, len(addresses)))
        return BufferedConnection(nodes, heartbeat=_HEARTBEAT_S, connect_timeout=5)

    def lane(self, consumer: str, intake: Intake) -> Lane:
        """The lane of one handler. All lanes together hold at most half of the service's workers."""
        if self._permits is None:
            self._permits = Semaphore(max(1, self.container.max_workers // 2))
        made = Lane(consumer, intake, eventlet.spawn, self._permits, lambda: self._draining)
        self._lanes[consumer] = made
        return made

    def is_attached(self) -> bool:
        """Whether every handler's consumer is attached."""
        return self._attached

    def start(self) -> None:
        if self._gt is None:
            health.register("consumers-attached", self.is_attached)
            self._gt = self.container.spawn_managed_thread(self._run)

    def stop(self) -> None:
        """Blocks until the lanes are empty and everything that was handled is acknowledged."""
        if self._gt is None or self._gt.dead:
            return
        self._draining = True
        with eventlet.Timeout(_DRAIN_S, False):  # noqa: FBT003  # eventlet's way to say: no exception
            while not self._is_settled():
                eventlet.sleep(_LOOK_S / 4)
        self.should_stop = True
        with eventlet.Timeout(_LOOK_S * 5, False):  # noqa: FBT003  # the same
            self._gt.wait()
        self._gt.kill()

    def unregister_provider(self, provider: Any) -> None:
        """Handlers stop together, in `stop`; none goes alone."""
        self.stop()

    def kill(self) -> None:
        self.should_stop = True
        if self._gt is not None and not self._gt.dead:
            self._gt.kill()

    def _run(self) -> None:
        while not self.should_stop:
            try:
                self.run(safety_interval=_LOOK_S)
            except Exception:
                log.exception("consumer-restarts")
                time.sleep(1)

    @contextmanager
    def establish_connection(self) -> Iterator[Connection]:
        with self.create_connection() as connection:
            connection.ensure_connection(self.on_connection_error, self.connect_max_retries, **_WAITS_S)
            yield connection

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Iterable[Any]:
        """A channel for each lane, so that one acknowledgement can speak for a whole batch of it."""
        self._active = [
            Consumer(
                channel.connection.channel(),
                queues=[provider.queue],
                on_message=provider.lane.received,
                on_decode_error=self.on_decode_error,
                auto_declare=False,
                prefetch_count=2 * BATCH,
            )
            for provider in self._providers
        ]
        return self._active

    def on_connection_revived(self) -> None:
        """What an old connection had delivered comes again: its deliveries cannot be acknowledged any more."""
        self._attached = False
        for lane in self._lanes.values():
            lane.forget()

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        self._attached = False
        log.warning("broker-away", error=type(exc).__name__, again_s=interval)

    def on_consume_ready(self, connection: Any, channel: Any, consumers: Any, **kwargs: Any) -> None:
        self._attached = True
        log.info("consumers-attached", consumers=sorted(self._lanes))

    def on_consume_end(self, connection: Any, channel: Any) -> None:
        self._attached = False

    def on_iteration(self) -> None:
        if not self._draining:
            return
        for consumer in self._active:
            consumer.cancel()
        self._active = []
        if all(lane.is_idle for lane in self._lanes.values()):
            self.should_stop = True
            self._drained = True

    def _is_settled(self) -> bool:
        return all(lane.is_idle for lane in self._lanes.values()) and (self._drained or not self._attached)
