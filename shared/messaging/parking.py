"""Parked events: tried again by `work`, through the same door, until they are settled, dead or decided upon.

An attempt is counted in a commit of its own before it is made, so that what ends a process
cannot be tried for ever. Waits are real time: 10 s, 1 min, 10 min, 1 h, 6 h, each with jitter.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg2.extensions import connection as Connection  # noqa: N812

from shared.database.prepared import Prepared
from shared.events.encryption import Keyring
from shared.events.envelope import UnreadableEvent, decode
from shared.logs import log, without_values
from shared.messaging.backoff import around
from shared.messaging.door import DatabaseAway, Door, Units
from shared.messaging.park import WAITS_S
from shared.messaging.slugs import slug_of
from shared.metrics import counter, gauge

RETRIED = counter("parked_retries_total", "Tries of parked events by outcome", "consumer", "outcome")
OPEN = gauge("parked_open", "Parked events that wait for a retry", "service")
DEAD = gauge("parked_dead", "Parked events that wait for a person: an alert", "service")
CHILD_TIMEOUT_S = 60.0
# Nobody else tries an event for so long; a worker that ends meanwhile holds it up no longer.
_CLAIM_LASTS_S = 1.5 * CHILD_TIMEOUT_S
_NOT_SETTLED = 3  # the exit status of a child whose event failed; its slug is the last line that it prints

_EXHAUST = Prepared(
    "parked-exhaust",
    """
UPDATE parked_events SET status = 'dead'
WHERE status = 'open' AND next_attempt_at <= %(now)s AND attempts >= %(most)s
""",
)

_CLAIM = Prepared(
    "parked-claim",
    """
UPDATE parked_events SET attempts = parked_events.attempts + 1, next_attempt_at = %(until)s
WHERE parked_id = (
    SELECT parked_id FROM parked_events WHERE status = 'open' AND next_attempt_at <= %(now)s AND attempts < %(most)s
    ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING parked_id, consumer, event_id, body, attempts, dangerous
""",
)

_SETTLED = Prepared(
    "parked-settled",
    "UPDATE parked_events SET status = 'settled', settled_at = %(now)s WHERE parked_id = %(parked_id)s",
)

_FAILED = Prepared(
    "parked-failed",
    """
UPDATE parked_events SET reason = %(reason)s, next_attempt_at = %(next)s, status = %(status)s
WHERE parked_id = %(parked_id)s AND status = 'open'
""",
)

_ONE = Prepared(
    "parked-one",
    """
SELECT parked_id, consumer, event_id, body, attempts, dangerous FROM parked_events WHERE parked_id = %(parked_id)s
""",
)

_COUNTS = Prepared(
    "parked-counts", "SELECT status, count(*) AS n FROM parked_events WHERE status IN ('open', 'dead') GROUP BY status"
)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A parked event whose next attempt has been counted."""

    parked_id: int
    consumer: str
    event_id: UUID
    body: str
    attempts: int
    dangerous: bool


class ParkedRetries:
    """Tries a service's parked events again, as its worker role. `child` and a number: the command for a suspect."""

    def __init__(
        self, service: str, doors: Mapping[str, Door], units: Units, keyring: Keyring, child: Sequence[str] = ()
    ) -> None:
        self._service = service
        self._child = child or (sys.executable, "-m", "shared.messaging.suspect", service)
        self._doors = doors
        self._units = units
        self._keyring = keyring

    def run(self) -> int:
        """Tries what is due; how many were tried."""
        tried = 0
        while (attempt := self._claim()) is not None:
            self._try(attempt)
            tried += 1
        self._count()
        return tried

    def _claim(self) -> Attempt | None:
        """The one whose turn it is. One at a time: a worker that ends in its midst holds up none of the others."""
        now = datetime.now(UTC)
        until = now + timedelta(seconds=_CLAIM_LASTS_S)
        with self._units.for_events() as uow:
            _run(uow.connection, _EXHAUST, now=now, most=len(WAITS_S))
            rows = _all(uow.connection, _CLAIM, now=now, until=until, most=len(WAITS_S))
            uow.commit()
        return Attempt(**rows[0]) if rows else None

    def _try(self, attempt: Attempt) -> None:
        reason = self._in_child(attempt) if attempt.dangerous else self.attempt(attempt)
        RETRIED.labels(attempt.consumer, "failed" if reason else "settled").inc()
        if reason is not None:
            self._failed(attempt, reason)

    def attempt(self, attempt: Attempt) -> str | None:
        """Takes the event through the door, here; None, or the slug of why not. Raises DatabaseAway."""
        door = self._doors.get(attempt.consumer)
        if door is None:
            return "no-such-handler"
        try:
            fact = decode(json.loads(attempt.body), self._keyring)
            door.admit([fact], lambda connection: _settle(connection, attempt))
        except UnreadableEvent as error:
            return error.reason
        except DatabaseAway:
            raise
        except Exception as error:
            log.error("parked-event-failed", consumer=attempt.consumer, error=without_values(error))
            return slug_of(error)
        return None

    def _in_child(self, attempt: Attempt) -> str | None:
        command = [*self._child, str(attempt.parked_id)]
        try:
            ended = subprocess.run(command, capture_output=True, timeout=CHILD_TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            return "took-too-long"
        if ended.returncode == 0:
            return None
        if ended.returncode == _NOT_SETTLED:
            return ended.stdout.decode().strip().rpartition("\n")[2]
        return "ends-the-process"

    def _failed(self, attempt: Attempt, reason: str) -> None:
        last = attempt.attempts >= len(WAITS_S)
        wait = 0.0 if last else around(WAITS_S[attempt.attempts])
        with self._units.for_events() as uow:
            _run(
                uow.connection,
                _FAILED,
                parked_id=attempt.parked_id,
                reason=reason,
                next=datetime.now(UTC) + timedelta(seconds=wait),
                status="dead" if last else "open",
            )
            uow.commit()

    def _count(self) -> None:
        with self._units.for_events() as uow:
            counts = {row["status"]: row["n"] for row in _all(uow.connection, _COUNTS)}
        OPEN.labels(self._service).set(counts.get("open", 0))
        DEAD.labels(self._service).set(counts.get("dead", 0))


def attempt_of(units: Units, parked_id: int) -> Attempt:
    """The attempt that a parent has counted; for the child process. Raises LookupError."""
    with units.for_events() as uow:
        rows = _all(uow.connection, _ONE, parked_id=parked_id)
    if not rows:
        raise LookupError(parked_id)
    return Attempt(**rows[0])


def _settle(connection: Connection, attempt: Attempt) -> None:
    _run(connection, _SETTLED, parked_id=attempt.parked_id, now=datetime.now(UTC))


def _run(connection: Connection, statement: Prepared, **params: Any) -> None:
    with closing(connection.cursor()) as cursor:
        statement.execute_on(cursor, params)


def _all(connection: Connection, statement: Prepared, **params: Any) -> Sequence[dict[str, Any]]:
    with closing(connection.cursor()) as cursor:
        statement.execute_on(cursor, params)
        rows: list[Any] = cursor.fetchall()
        return [dict(row) for row in rows]
