"""What the relay counts. Alerts: oldest unpublished over 30 s, any held back, any binding missing."""

from shared.logs import log
from shared.messaging.outbox_rows import OutboxRow
from shared.metrics import counter, gauge

OLDEST = gauge("outbox_oldest_unpublished_seconds", "Age of the oldest unpublished outbox row", "source")
PUBLISHED = counter("relay_published_total", "Events confirmed by the broker and stamped", "source")
HELD_BACK = counter("relay_held_back_total", "Events put off: unroutable, nacked, confirm-late", "source", "slug")
BLOCKED = gauge("relay_blocked", "1 while the broker asks publishers to wait (memory or disk alarm)", "source")
OWNER = gauge("relay_owner", "1 in the relay process that owns this database's outbox", "source")
DEPTH = gauge("queue_messages", "Messages in a queue, delivered or not: an alert when it only grows", "consumer")
MISSING = gauge("relay_missing_bindings", "Bindings of the registry that the broker does not have")


class RelayObserver:
    """Counts and tells for one database's relay."""

    def __init__(self, source: str) -> None:
        self._source = source

    def published(self, count: int) -> None:
        PUBLISHED.labels(self._source).inc(count)

    def held_back(self, row: OutboxRow, reason: str) -> None:
        """An alarm: someone may be missing this event."""
        HELD_BACK.labels(self._source, reason).inc()
        log.error("event-held-back", slug=reason, type=row.type, event_id=row.event_id, attempt=row.attempts + 1)

    def blocked(self, *, now: bool) -> None:
        BLOCKED.labels(self._source).set(int(now))
        log.warning("broker-blocks" if now else "broker-takes-up", source=self._source)

    def oldest(self, seconds: float) -> None:
        OLDEST.labels(self._source).set(seconds)
