"""The claim feed's rows and its sequence."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.billing.domain.feed import ClaimVersion
from shared.database.repository import Repository
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


class FeedRepository(Repository):
    """The feed of the running transaction's network."""

    def lock(self) -> int:
        """The last sequence, 0 for none; its row is locked until the transaction ends."""
        row = self.one("lock-feed")
        return 0 if row is None else int(row["sequence"])

    def known(self, claim_ids: Collection[UUID]) -> set[ClaimVersion]:
        """The versions of these claims that have a row."""
        rows = self.all("feed-rows-of-claims", claim_ids=list(claim_ids))
        return {(row["claim_id"], row["claim_version"]) for row in rows}

    def add(self, rows: Sequence[ClaimFeedRow]) -> None:
        """The next rows, in the order of their numbers; the feed's row is locked."""
        if not rows:
            return
        self.many("add-feed-rows", [tuple(getattr(row, name) for name in _COLUMNS) for row in rows])
        self.run("move-feed", sequence=rows[-1].version)
