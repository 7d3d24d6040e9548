"""One handler's lane: deliveries wait here, and one batch after the other is settled."""

import random
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from shared.logs import log
from shared.messaging.delivery import BrokerDelivery
from shared.messaging.door import DatabaseAway
from shared.messaging.handler_metrics import WAITING
from shared.messaging.intake import BATCH, Delivery, Intake
from shared.messaging.open_tags import OpenTags

_PROBE_S = 0.5
_LONGEST_PROBE_S = 5.0


class Lane:
    """Takes what has arrived, up to `BATCH`, holding one of the service's permits for events meanwhile."""

    def __init__(
        self,
        consumer: str,
        intake: Intake,
        spawn: Callable[[Callable[[], None]], Any],
        permits: AbstractContextManager[Any],
        is_stopping: Callable[[], bool],
    ) -> None:
        self._consumer = consumer
        self._intake = intake
        self._spawn = spawn
        self._permits = permits
        self._is_stopping = is_stopping
        self._open_tags = OpenTags()
        self._waiting: deque[Delivery] = deque()
        self._running = False

    @property
    def is_idle(self) -> bool:
        return not self._running and not self._waiting

    def received(self, message: Any) -> None:
        """Called for each message, by the one greenlet that reads the connection."""
        self._waiting.append(BrokerDelivery(message, self._open_tags))
        if not self._running:
            self._running = True
            self._spawn(self._work)

    def forget(self) -> None:
        """Drops what waits: its connection is gone, and its channel with it."""
        self._waiting.clear()
        self._open_tags = OpenTags()

    def _work(self) -> None:
        try:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                WAITING.labels(self._consumer).set(len(batch) + len(self._waiting))
                self._settle(batch)
        finally:
            self._running = False
            WAITING.labels(self._consumer).set(len(self._waiting))

    def _settle(self, batch: list[Delivery]) -> None:
        """Until every delivery is settled. While the own database is away the batch waits, and with it the queue."""
        probe = _PROBE_S
        while batch:
            try:
                with self._permits:
                    self._intake.settle(batch)
            except DatabaseAway:
                log.warning("database-away", consumer=self._consumer, waiting=len(batch))
            except Exception:
                log.exception("intake-failed", consumer=self._consumer)
            else:
                continue
            if self._is_stopping():
                self._waiting.clear()
                return
            time.sleep(random.uniform(probe / 2, probe))  # noqa: S311  # spreads load, hides nothing
            probe = min(_LONGEST_PROBE_S, probe * 2)
