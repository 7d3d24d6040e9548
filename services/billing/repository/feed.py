"""The claim feed's rows and its sequence."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.billing.domain.feed import ClaimVersion
from shared.database.unit_of_work import UnitOfWork
from shared.events.billing import ClaimFeedRow

_COLUMNS = (
    "version",
    "event_type",
    "claim_id",
    "claim_version",
    "encounter_id",
    "site_id",
    "status",
    "held_reason",
    "payer_id",
    "total_cents",
    "currency",
    "occurred_at",
)


class FeedRepository:
    """The feed of the running transaction's network."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def lock(self) -> int:
        """The last sequence, 0 for none; its row is locked until the transaction ends."""
        row = self._uow.sql.one("lock-feed", network_id=self._uow.network_id)
        return 0 if row is None else int(row["sequence"])

    def known(self, claim_ids: Collection[UUID]) -> set[ClaimVersion]:
        """The versions of these claims that have a row."""
        rows = self._uow.sql.all("feed-rows-of-claims", claim_ids=list(claim_ids))
        return {(row["claim_id"], row["claim_version"]) for row in rows}

    def add(self, rows: Sequence[ClaimFeedRow]) -> None:
        """The next rows, in the order of their numbers; the feed's row is locked."""
        if not rows:
            return
        sql, network_id = self._uow.sql, self._uow.network_id
        sql.many("add-feed-rows", [(network_id, *(getattr(row, name) for name in _COLUMNS)) for row in rows])
        sql.run("move-feed", network_id=network_id, sequence=rows[-1].version)
