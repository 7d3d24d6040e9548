"""When the relay looks for what is due."""

import threading
from collections.abc import Collection, Sequence

import pytest
from fix_messaging import until
from fix_servers import BrokerUrls

from shared.messaging import publishing
from shared.messaging.outbox_rows import OutboxRow
from shared.messaging.publishing import Publishing


class Empty:
    """A database in which an older transaction keeps every row from being seen. Counts who asks."""

    def __init__(self) -> None:
        self.looks = 0

    def due(self, limit: int, excluding: Collection[int]) -> list[OutboxRow]:
        self.looks += 1
        return []

    def stamp(self, ids: Sequence[int]) -> None:
        raise AssertionError("nothing was published")

    def hold_back(self, rows: Sequence[OutboxRow], reason: str) -> None:
        raise AssertionError("nothing was published")


class Nobody:
    def published(self, count: int) -> None: ...

    def held_back(self, row: OutboxRow, reason: str) -> None: ...

    def blocked(self, *, now: bool) -> None: ...


def test_what_an_older_transaction_held_back_is_looked_for_without_another_nudge(
    broker: BrokerUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its end tells nobody. Seen red by: one look a nudge."""
    monkeypatch.setattr(publishing, "IDLE_POLL_S", 3600.0)
    source = Empty()
    relay = Publishing(broker.amqp, source, Nobody())
    running = threading.Thread(target=relay.run, daemon=True)
    running.start()
    until(lambda: source.looks == 1)
    relay.loop.add_callback_threadsafe(relay.nudge)
    until(lambda: source.looks == 3)
    relay.stop()
    running.join()
