"""The audit entry that says that a network was seeded, and from what: only such a one may be removed."""

from contextlib import closing
from uuid import UUID

from psycopg2.extras import Json

from cli.operator import operator
from cli.seed.copying import administrators
from cli.seed.size import Size

_SEEDED = "seed_network"
_MARK = """
INSERT INTO audit_entries (network_id, at, actor_kind, actor_id, purpose, action, object_type, object_id, decision,
                           correlation_id, detail)
VALUES (%(network_id)s, %(at)s, %(actor_kind)s, %(actor_id)s, %(purpose)s, %(action)s, 'network', %(network_id)s,
        'allowed', %(correlation_id)s, %(detail)s)
"""
_IS_MARKED = "SELECT EXISTS (SELECT FROM audit_entries WHERE network_id = %(network_id)s AND action = %(action)s)"
_MARKED = "SELECT DISTINCT network_id FROM audit_entries WHERE action = %(action)s"


def mark(size: Size) -> None:
    """Says so in scheduling's audit entries."""
    asker = operator(size.network_id)
    detail = {name: getattr(size, name) for name in ("sites", "patients", "years", "visits_a_year", "seed")}
    params = {
        **{name: getattr(asker, name) for name in ("actor_kind", "actor_id", "purpose", "correlation_id")},
        "network_id": str(size.network_id),
        "at": size.as_of,
        "action": _SEEDED,
        "detail": Json({**detail, "as_of": size.as_of.isoformat()}),
    }
    with closing(administrators("scheduling")) as connection, connection, connection.cursor() as cursor:
        cursor.execute(_MARK, params)


def is_marked(network_id: UUID) -> bool:
    """Whether a seed made this network."""
    with closing(administrators("scheduling")) as connection, connection.cursor() as cursor:
        cursor.execute(_IS_MARKED, {"network_id": str(network_id), "action": _SEEDED})
        return cursor.fetchone() == (True,)


def marked() -> set[UUID]:
    """Every network that a seed made."""
    with closing(administrators("scheduling")) as connection, connection, connection.cursor() as cursor:
        cursor.execute(_MARKED, {"action": _SEEDED})
        return {network_id for (network_id,) in cursor.fetchall()}
