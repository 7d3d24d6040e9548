"""What a person decides about parked events: look, try again, discard. Every look and decision is audited."""

import getpass
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from shared.asker import Asker
from shared.config import database_url, setting
from shared.database.statements import Statements
from shared.database.unit_of_work import UnitOfWork
from shared.database.units import NO_NETWORK, unit_factory
from shared.events.encryption import Keyring
from shared.events.envelope import UnreadableEvent, decode
from shared.messaging.wake import Waker

Row = dict[str, Any]

# No body: a list shows no patient data.
_LIST = """
SELECT parked_id, consumer, event_id, network_id, type, reason, status, attempts, dangerous, parked_at,
       next_attempt_at, decision
FROM parked_events WHERE status = ANY(%(statuses)s) ORDER BY parked_id
"""

_ONE = "SELECT * FROM parked_events WHERE parked_id = %(parked_id)s FOR UPDATE"

_RETRY = """
UPDATE parked_events SET status = 'open', attempts = least(attempts, 4), next_attempt_at = '-infinity'
WHERE parked_id = %(parked_id)s AND status IN ('open', 'dead')
"""

_DISCARD = """
UPDATE parked_events SET status = 'discarded', decision = %(decision)s, settled_at = %(now)s
WHERE parked_id = %(parked_id)s AND status IN ('open', 'dead')
"""

# The inbox row keeps a replay from bringing the event back. What was applied meanwhile stays applied.
_DISCARDED = """
INSERT INTO inbox (consumer, event_id, network_id, outcome)
VALUES (%(consumer)s, %(event_id)s, %(network_id)s, 'discarded') ON CONFLICT DO NOTHING
"""


class NotParked(Exception):
    """There is no such parked event, or it has been settled or discarded already."""


class _OperatorUnitOfWork(UnitOfWork):
    statements: ClassVar[Statements] = Statements()


class ParkedDesk:
    """An operator's view of one service's parked events, as its worker role."""

    def __init__(self, service: str, operator: str = "") -> None:
        self.service = service
        self._operator = operator or getpass.getuser()
        self._units = unit_factory(service, _OperatorUnitOfWork, role="worker", size=1)

    def listed(self, statuses: Sequence[str] = ("open", "dead")) -> list[Row]:
        """The parked events of these statuses, without their bodies."""
        with self._unit(NO_NETWORK) as uow:
            return _rows(uow, _LIST, statuses=list(statuses))

    def shown(self, parked_id: int) -> Row:
        """One parked event with its opened body, or the reason why it cannot be opened. Audited first."""
        row = self._audited("show-parked-event", parked_id, ())
        row["event"] = _opened(row.pop("body"))
        return row

    def retry(self, parked_id: int) -> None:
        """Makes it due at once; `work` is woken."""
        self._audited("retry-parked-event", parked_id, (_RETRY,))
        Waker.once(database_url(self.service, "worker"))

    def discard(self, parked_id: int, reason: str) -> None:
        """Never to be handled: the event's inbox row says `discarded`, the parked row why."""
        self._audited("discard-parked-event", parked_id, (_DISCARD, _DISCARDED), decision=reason)

    def _audited(self, action: str, parked_id: int, changes: Sequence[str], **more: Any) -> Row:
        """Reads the row under its lock, makes the changes and writes the audit entry, in one transaction."""
        with self._unit(NO_NETWORK) as uow:
            rows = _rows(uow, _ONE, parked_id=parked_id)
            if not rows or (changes and rows[0]["status"] not in ("open", "dead")):
                raise NotParked(parked_id)
            row = rows[0]
            for change in changes:
                _run(uow, change, now=datetime.now(UTC), **{**row, **more})
            uow.enter_network(row["network_id"] or NO_NETWORK, f"operator-{parked_id}")
            uow.audit(
                action, "parked-event", row["event_id"], detail={"consumer": row["consumer"], "type": row["type"]}
            )
            uow.commit()
        return row

    def _unit(self, network_id: UUID) -> _OperatorUnitOfWork:
        asker = Asker(
            actor_id=self._operator, actor_kind="operator", network_id=network_id, sites=None, scopes=frozenset()
        )
        return self._units.for_call(asker, action="parked")


def _opened(body: str) -> Any:
    """The body with its sealed fields opened, as plain values; the sealed body where that fails."""
    try:
        event = decode(json.loads(body), Keyring.parse(setting("FRONTDESK_EVENT_KEYS")))
    except UnreadableEvent:
        return json.loads(body)
    return {**vars(event), "data": vars(event.data)}


def _rows(uow: UnitOfWork, statement: str, **params: Any) -> list[Row]:
    with uow.connection.cursor() as cursor:
        cursor.execute(statement, params)
        found: list[Any] = cursor.fetchall()
        return [dict(row) for row in found]


def _run(uow: UnitOfWork, statement: str, **params: Any) -> None:
    with uow.connection.cursor() as cursor:
        cursor.execute(statement, params)
