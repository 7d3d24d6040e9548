"""In each process of the system under test: on SIGUSR2 its metrics show what stands in the file $PLANTED_METRIC.

The leak scan's control for metrics pages: the leak is in the page itself before anybody reads it.
"""

import os
import signal
from pathlib import Path

_planted = []


def _plant(_signal, _frame):
    import prometheus_client  # as late as this: eventlet has to patch the process first

    while _planted:
        prometheus_client.REGISTRY.unregister(_planted.pop())
    if word := Path(os.environ["PLANTED_METRIC"]).read_text("utf-8"):
        # Under this name `frontdesk status` prints it too.
        gauge = prometheus_client.Gauge("frontdesk_outbox_oldest_unpublished_seconds_planted", "A leak", ["word"])
        gauge.labels(word).set(1)
        _planted.append(gauge)


if "PLANTED_METRIC" in os.environ:
    signal.signal(signal.SIGUSR2, _plant)
