"""The claim feed."""

from collections.abc import Sequence

from services.billing.domain.feed import next_rows
from services.billing.operations.ports import Unit
from shared.clock import Clock
from shared.events.billing import ClaimCondition
from shared.events.envelope import Event


def follow_claims(facts: Sequence[Event[ClaimCondition]], uow: Unit, clock: Clock) -> None:
    """A row for each version of a claim, once, with the next numbers of the network's feed."""
    last = uow.feed.lock()
    known = uow.feed.known({fact.data.claim_id for fact in facts})
    rows = list(next_rows(facts, known, last))
    uow.feed.add([row for row, _ in rows])
    for row, cause in rows:
        uow.record(row, cause)
