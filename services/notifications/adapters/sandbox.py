"""The default carrier: a stand-in that keeps every text in a table and sends none."""

from contextlib import AbstractContextManager
from typing import Any, Protocol
from uuid import UUID

from services.notifications.operations.gateway import Answer, Listing, Message, Outgoing, Sought, digest
from shared.clock import Clock
from shared.failpoints import failpoint

# To this number no carrier delivers: it stands for a bad number.
REFUSED_NUMBER = "+15005550001"


class _Units(Protocol):
    def for_network(self, network_id: UUID) -> AbstractContextManager[Any]: ...


class SandboxGateway:
    """Accepts each attempt once, in a transaction of its own, as a carrier elsewhere would."""

    name = "sandbox"

    def __init__(self, units: _Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def send(self, outgoing: Outgoing) -> Answer:
        """accepted, or refused for REFUSED_NUMBER; the same attempt again is accepted and kept once."""
        if outgoing.to_number == REFUSED_NUMBER:
            return Answer(status="refused", reason="invalid-number")
        sid = f"SB{outgoing.attempt_id.hex}"
        with self._units.for_network(outgoing.network_id) as uow:
            uow.sql.run("keep-sandbox-text", **vars(outgoing), sid=sid, accepted_at=self._clock.now())
            uow.commit()
        failpoint("text.after-request")
        return Answer(status="accepted", sid=sid)

    def messages(self, sought: Sought) -> Listing:
        """Its own table, where the attempt is either kept or not."""
        with self._units.for_network(sought.network_id) as uow:
            row = uow.sql.one("sandbox-attempt", network_id=sought.network_id, attempt_id=sought.attempt_id)
        kept = [Message(sid=row["sid"], body_hash=digest(row["body"]), created_at=None)] if row else []
        return Listing(messages=kept, complete=True)
