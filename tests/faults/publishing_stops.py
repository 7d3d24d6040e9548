"""How the outboxes got on without the broker: when all that had waited was published, and for how long nothing was."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime, timedelta
from itertools import pairwise
from math import inf

import psycopg2
from fix_desk import Desk
from fix_system import RunningSystem
from map_of_system import SERVICES

Row = tuple[float, float]  # recorded, published
_POLL_S = 1.0
_WAITING = "SELECT count(*) FROM outbox WHERE published_at IS NULL AND recorded_at <= %s"
_AROUND = "SELECT recorded_at, published_at FROM outbox WHERE published_at > %(begin)s AND recorded_at < %(end)s"


def drained_after(system: RunningSystem, within: float) -> float:
    """Seconds from now until every event that is waiting now was published; infinite where that takes too long."""
    now, began = datetime.now().astimezone(), time.monotonic()
    waiting = list(SERVICES)
    while waiting:
        if time.monotonic() - began > within:
            return inf
        waiting = [service for service in waiting if _waits(system.admin_url(service), now)]
        time.sleep(_POLL_S if waiting else 0)
    return round(time.monotonic() - began, 2)


def longest_stop(desk: Desk, begin: datetime, seconds: float) -> float:
    """In the time after `begin`: for how long at most nothing was published while something waited."""
    end = begin + timedelta(seconds=seconds)
    found = [row for service in SERVICES for row in desk.rows(service, _AROUND, begin=begin, end=end)]
    moments = ((row["recorded_at"].timestamp(), row["published_at"].timestamp()) for row in found)
    return max(stops(sorted(moments, key=lambda row: row[1]), begin.timestamp(), end.timestamp()), default=0.0)


def stops(rows: Sequence[Row], begin: float, end: float) -> Iterator[float]:
    """Of rows in the order of their publishing: between each two, since when one that came later was waiting."""
    earliest = [inf]
    for recorded, _ in reversed(rows):
        earliest.append(min(earliest[-1], recorded))
    earliest.reverse()
    published = [begin, *(row[1] for row in rows)]
    for (before, after), waits_since in zip(pairwise(published), earliest, strict=False):
        if before < end:
            yield max(0.0, after - max(before, waits_since))


def _waits(url: str, since: datetime) -> bool:
    """Whether something waits; a database that is away has not said otherwise."""
    with suppress(psycopg2.Error), closing(psycopg2.connect(url, connect_timeout=3)) as connection:
        with connection.cursor() as cursor:
            cursor.execute(_WAITING, (since,))
            return bool(cursor.fetchone()[0])
    return True
