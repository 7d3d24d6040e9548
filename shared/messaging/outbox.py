"""The outbox: facts leave a service as rows of its own database, committed with what they tell of.

Relay and `replay` build the message from the row alone, so every publication of an event is
the same bytes. The row goes in after the aggregate's row lock is held: ids follow versions.
"""

from collections.abc import Sequence
from typing import Any

from psycopg2.extras import Json, execute_values

from shared.events.base import Condition
from shared.events.encryption import Keyring
from shared.events.envelope import Event, encode
from shared.events.registry import aggregate_of_type

_INSERT = """
INSERT INTO outbox (event_id, network_id, aggregate_type, aggregate_id, version, type, data, headers, occurred_at)
VALUES %s
"""


def append(cursor: Any, events: Sequence[Event[Condition]], keyring: Keyring) -> None:
    """Inserts one row an event in the cursor's transaction, in the order in which they were recorded.

    Patient data is sealed here. Raises psycopg2.IntegrityError where an aggregate tells the same version twice (where
    the cursor lets statements wait: the statement that takes them along does).
    """
    if not events:
        return
    rows = [_row(event, keyring) for event in events]
    execute_values(cursor, _INSERT, rows, page_size=len(rows))


def _row(event: Event[Condition], keyring: Keyring) -> tuple[Any, ...]:
    headers = encode(event, keyring)
    data = headers.pop("data")
    aggregate, _ = aggregate_of_type(event.type)
    identity = (str(event.id), str(event.networkid), aggregate.name, str(event.subject), event.version, event.type)
    return (*identity, Json(data), Json(headers), event.time)
