"""A consumer at a queue that lies full: how quickly it is emptied, and what each event costs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from time import monotonic
from typing import Any

import psycopg2

from bench.children import until
from bench.figures import per
from bench.processes import Meter

PATIENCE_S = 120.0
# A consumer is looked at once it has warmed up on a tenth of what lies there.
_WARM = 10
_LOOK_EVERY_S = 0.05
_SERVERS = ("postgresql", "rabbitmq")
Json = dict[str, Any]


def eaten(handled: Callable[[], int], number: int, pids: Callable[[], Mapping[str, int]], consumer: str) -> Json:
    """From the moment it is warm until `number` events are handled: rate and CPU time of consumer and servers."""
    until(lambda: handled() >= number // _WARM, PATIENCE_S, "a warm consumer", _LOOK_EVERY_S)
    meter, first, began = Meter(_of_consumer(pids(), consumer)), handled(), monotonic()
    until(lambda: handled() >= number, PATIENCE_S, "an empty queue", _LOOK_EVERY_S)
    used, seconds, count = meter.used(), monotonic() - began, number - first
    own = round(used[consumer] * 1000 / count, 3)
    return {"per_second": round(count / seconds, 1), "consumer_cpu_ms": own, **cost_of(used, count)}


def _of_consumer(pids: Mapping[str, int], consumer: str) -> dict[str, int]:
    return {name: pid for name, pid in pids.items() if name in (consumer, *_SERVERS)}


def cost_of(used: Mapping[str, float], count: int) -> Json:
    """CPU time for each event, in all and by process."""
    return {
        "cpu_ms_per_event": round(sum(used.values()) * 1000 / count, 3),
        "cpu_ms_by_process": per(used, count),
    }


@contextmanager
def inbox_of(url: str, consumer: str) -> Iterator[Callable[[], int]]:
    """How many events a consumer has handled, asked on one connection, which costs least."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True

        def handled() -> int:
            cursor.execute("SELECT count(*) FROM inbox WHERE consumer = %s", (consumer,))
            return int(cursor.fetchall()[0][0])

        yield handled
