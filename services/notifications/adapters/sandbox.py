"""The default carrier: a stand-in that keeps every text in a table and sends none."""

from collections.abc import Sequence
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
    """Accepts each attempt once, in transactions of its own, as a carrier elsewhere would."""

    name = "sandbox"
    at_once = 50
    per_second = None

    def __init__(self, units: _Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def send(self, outgoing: Sequence[Outgoing]) -> list[Answer]:
        """accepted, or refused for REFUSED_NUMBER; the same attempt again is accepted and kept once."""
        accepted = [it for it in outgoing if it.to_number != REFUSED_NUMBER]
        if accepted:
            self._keep(accepted)
            failpoint("text.after-request")
        return [_answer(it) for it in outgoing]

    def _keep(self, accepted: Sequence[Outgoing]) -> None:
        network_id, now = accepted[0].network_id, self._clock.now()
        with self._units.for_network(network_id) as uow:
            uow.sql.run(
                "keep-sandbox-texts",
                network_id=network_id,
                attempt_id=[it.attempt_id for it in accepted],
                sid=[_sid(it) for it in accepted],
                from_number=[it.from_number for it in accepted],
                to_number=[it.to_number for it in accepted],
                body=[it.body for it in accepted],
                accepted_at=now,
            )
            uow.commit()

    def messages(self, sought: Sought) -> Listing:
        """Its own table, where the attempt is either kept or not."""
        with self._units.for_network(sought.network_id) as uow:
            row = uow.sql.one("sandbox-attempt", network_id=sought.network_id, attempt_id=sought.attempt_id)
        kept = [Message(sid=row["sid"], body_hash=digest(row["body"]), created_at=None)] if row else []
        return Listing(messages=kept, complete=True)


def _answer(outgoing: Outgoing) -> Answer:
    if outgoing.to_number == REFUSED_NUMBER:
        return Answer(status="refused", reason="invalid-number")
    return Answer(status="accepted", sid=_sid(outgoing))


def _sid(outgoing: Outgoing) -> str:
    return f"SB{outgoing.attempt_id.hex}"
