"""Taking a seeded network away again: its rows in every database, and its feed at the broker."""

from contextlib import closing
from uuid import UUID

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from cli.seed import postponed
from cli.seed.copying import administrators
from cli.seed.marks import is_marked
from shared.config import setting
from shared.database.migrate import DATABASES
from shared.messaging.broker_api import ApiRequest, BrokerApi, quoted
from shared.messaging.claim_feed import feed_queue

_TABLES = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'network_id'
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""


class NotSeeded(Exception):
    """Nobody takes away a network that people have made."""


def remove(network_id: UUID) -> int:
    """How many rows went. Raises NotSeeded. The gateway's row goes last: until then the removal can be run again."""
    if not is_marked(network_id):
        raise NotSeeded
    postponed.mend(lambda _: None)
    services = [name for name in DATABASES if name not in ("scheduling", "gateway")]
    gone = sum(map(_remove_from, services, [network_id] * len(services)))
    _close_feed(network_id)
    # Scheduling holds the mark, so it comes after whatever may fail.
    return gone + _remove_from("gateway", network_id) + _remove_from("scheduling", network_id)


def _remove_from(database: str, network_id: UUID) -> int:
    with closing(administrators(database)) as connection, connection, connection.cursor() as cursor:
        # Foreign keys need not be asked row by row: all rows of the network go, in one transaction.
        cursor.execute("RESET ROLE; SET LOCAL session_replication_role = replica")
        cursor.execute(_TABLES)
        return sum(_empty(cursor, table, network_id) for (table,) in cursor.fetchall())


def _empty(cursor: Cursor, table: str, network_id: UUID) -> int:
    cursor.execute(f"DELETE FROM {table} WHERE network_id = %s", (str(network_id),))  # noqa: S608 - from the catalogue
    return int(cursor.rowcount)


def _close_feed(network_id: UUID) -> None:
    api, name = BrokerApi(setting("FRONTDESK_RABBITMQ_API_URL")), feed_queue(network_id)
    api.send(ApiRequest("DELETE", f"/api/queues/{quoted(api.vhost)}/{name}"))
    api.send(ApiRequest("DELETE", f"/api/users/{name}"))
