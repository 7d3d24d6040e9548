"""The inbox: one row for each event that a handler has taken, in the transaction of its effect.

The insert comes first: a concurrent duplicate waits on the key instead of running beside us.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg2.extensions import connection as Connection  # noqa: N812

from shared.database.prepared import Prepared
from shared.events.base import Condition
from shared.events.envelope import Event
from shared.messaging.facts import newest

# `stale`: a newer version had been taken before, here or in the same batch. A discarded version counts for nothing.
_TAKE_IN = Prepared(
    "take-in",
    """
INSERT INTO inbox (consumer, event_id, network_id, aggregate_id, version, outcome)
SELECT %(consumer)s, fact.event_id, fact.network_id, fact.aggregate_id, fact.version,
       CASE WHEN fact.beaten OR EXISTS (
           SELECT FROM inbox AS seen
           WHERE seen.consumer = %(consumer)s AND seen.aggregate_id = fact.aggregate_id
             AND seen.version > fact.version AND seen.outcome <> 'discarded')
       THEN 'stale' ELSE 'applied' END
FROM unnest(%(event_ids)s::uuid[], %(network_ids)s::uuid[], %(aggregate_ids)s::uuid[], %(versions)s::bigint[],
            %(beaten)s::boolean[]) AS fact (event_id, network_id, aggregate_id, version, beaten)
ORDER BY fact.event_id
ON CONFLICT DO NOTHING
RETURNING event_id
""",
)

Fact = Event[Condition]


def take_in(connection: Connection, consumer: str, facts: Sequence[Fact]) -> list[Fact]:
    """Inserts the inbox rows of `facts` in one statement and returns those that were new, each once, in their order."""
    once = list({fact.id: fact for fact in facts}.values())
    with connection.cursor() as cursor:
        _TAKE_IN.execute_on(cursor, _columns(consumer, once))
        if cursor.rowcount == len(once):
            return once
        rows: list[Any] = cursor.fetchall()  # dicts, by the cursor factory of our connections
    new = {row["event_id"] for row in rows}
    return [fact for fact in once if fact.id in new]


def _columns(consumer: str, facts: Sequence[Fact]) -> dict[str, Any]:
    kept = {fact.id for fact in newest(facts)}
    return {
        "consumer": consumer,
        "event_ids": _array(fact.id for fact in facts),
        "network_ids": _array(fact.networkid for fact in facts),
        "aggregate_ids": _array(fact.subject for fact in facts),
        "versions": _array(fact.version for fact in facts),
        "beaten": _array(fact.id not in kept for fact in facts),
    }


def _array(values: Iterable[UUID | int]) -> str:
    """PostgreSQL's text of an array: one value to adapt, to send and to parse, not one for each fact."""
    return f"{{{','.join(map(str, values))}}}"
