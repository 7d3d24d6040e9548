"""Metrics: Prometheus, all named `frontdesk_*`, labelled only by words from a closed list.

A label's value is a name from the code (an operation, a queue, a slug), never an id, a path or anything of a
patient: that keeps patient data out and the number of series small.
"""

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

LABELS = frozenset(
    {"service", "operation", "outcome", "consumer", "source", "type", "job", "slug", "route", "method", "status"}
)
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


def counter(name: str, meaning: str, *labels: str) -> Counter:
    """A count that only grows; its name ends in `_total`."""
    return Counter(_full(name, labels), meaning, labels)


def gauge(name: str, meaning: str, *labels: str) -> Gauge:
    """A number that goes up and down."""
    return Gauge(_full(name, labels), meaning, labels)


def histogram(name: str, meaning: str, *labels: str, buckets: tuple[float, ...] = SECONDS) -> Histogram:
    """How values spread; by default seconds, in a name that ends in `_seconds`."""
    return Histogram(_full(name, labels), meaning, labels, buckets=buckets)


def exposition() -> tuple[bytes, str]:
    """What /metrics answers: the text and its content type."""
    return generate_latest(), CONTENT_TYPE_LATEST


def _full(name: str, labels: tuple[str, ...]) -> str:
    if unknown := set(labels) - LABELS:
        raise ValueError(f"metric {name}: labels {sorted(unknown)} are not in the closed list")
    return f"frontdesk_{name}"
