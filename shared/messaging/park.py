"""Parking: an event that cannot be handled becomes a row, so that nothing is lost and nothing spins."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from shared.messaging.backoff import around
from shared.messaging.door import DatabaseAway, Units

# Waits before the first to the fifth retry; after the last one the event is dead until a person decides.
WAITS_S = (10.0, 60.0, 600.0, 3600.0, 21600.0)
_NAMELESS = UUID("5a0a1d0c-7f0e-5d62-9a52-2a8f4b6f1c11")
_TYPE = re.compile(r"[a-z0-9-]{1,80}")

# No inbox row: a retry has to come through the door. A second parking of the same event changes nothing.
_PARK = """
INSERT INTO parked_events
    (consumer, event_id, network_id, type, body, reason, dangerous, next_attempt_at)
VALUES (%(consumer)s, %(event_id)s, %(network_id)s, %(type)s, %(body)s, %(reason)s, %(dangerous)s, %(next_attempt_at)s)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, kw_only=True)
class Parked:
    """An event on its way to be parked. `body` is the message as JSON text, patient data still sealed."""

    consumer: str
    event_id: UUID
    network_id: UUID | None
    type: str
    body: str
    reason: str
    dangerous: bool


def parked_of(consumer: str, body: Any, reason: str, *, dangerous: bool = False) -> Parked:
    """The parked form of a body of any shape; one without an id gets one that follows from its text."""
    text = json.dumps(body)
    header = body if isinstance(body, dict) else {}
    kind = header.get("type")
    return Parked(
        consumer=consumer,
        event_id=_uuid(header.get("id")) or uuid5(_NAMELESS, text),
        network_id=_uuid(header.get("networkid")),
        type=kind if isinstance(kind, str) and _TYPE.fullmatch(kind) else "unknown",
        body=text,
        reason=reason,
        dangerous=dangerous,
    )


def park(units: Units, parked: Parked) -> None:
    """Parks in a transaction of its own. Raises DatabaseAway for any failure: what is not parked must not be acked."""
    due = datetime.now(UTC) + timedelta(seconds=around(WAITS_S[0]))
    try:
        with units.for_events() as uow:
            with uow.connection.cursor() as cursor:
                cursor.execute(_PARK, {**vars(parked), "next_attempt_at": due})
            uow.commit()
    except Exception as error:
        raise DatabaseAway from error


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
