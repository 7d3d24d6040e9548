"""What handlers count. Alerts: any `parked` or `dead-lettered`."""

from shared.metrics import counter, gauge

SETTLED = counter("events_settled_total", "Deliveries settled: handled, parked, dead-lettered", "consumer", "outcome")
PARKED = counter("events_parked_total", "Events parked, by reason", "consumer", "slug")
WAITING = gauge("events_waiting", "Deliveries taken from the broker and not settled yet", "consumer")


def count(consumer: str, outcome: str, slug: str = "", *, number: int = 1) -> None:
    """Counts what was settled."""
    SETTLED.labels(consumer, outcome).inc(number)
    if slug:
        PARKED.labels(consumer, slug).inc(number)
