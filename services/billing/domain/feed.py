"""The claim feed: one row for each version of a claim, numbered without a gap in its network."""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from shared.events.billing import ClaimCondition, ClaimFeedRow
from shared.events.envelope import Event

ClaimVersion = tuple[UUID, int]


def next_rows(
    facts: Sequence[Event[ClaimCondition]], known: Collection[ClaimVersion], last: int
) -> Iterator[tuple[ClaimFeedRow, Event[ClaimCondition]]]:
    """The rows of facts that the feed does not have, each with its fact, numbered on from `last` as they happened."""
    new = {version_of(fact): fact for fact in facts if version_of(fact) not in known}
    ordered = sorted(new.values(), key=lambda fact: (fact.time, fact.subject, fact.version))
    for sequence, fact in enumerate(ordered, start=last + 1):
        yield _row(fact, sequence), fact


def version_of(fact: Event[ClaimCondition]) -> ClaimVersion:
    """Which version of which claim a fact tells of."""
    return fact.data.claim_id, fact.data.version


def _row(fact: Event[ClaimCondition], sequence: int) -> ClaimFeedRow:
    claim = fact.data
    return ClaimFeedRow(
        network_id=fact.networkid,
        version=sequence,
        event_type=fact.type,
        claim_id=claim.claim_id,
        claim_version=claim.version,
        encounter_id=claim.encounter_id,
        site_id=claim.site_id,
        status=claim.status,
        held_reason=claim.held_reason,
        payer_id=claim.payer_id,
        total_cents=claim.total_cents,
        currency=claim.currency,
        occurred_at=fact.time,
    )
