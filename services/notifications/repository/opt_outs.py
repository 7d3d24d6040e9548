"""Opt-outs by number, and the replies that they rest on."""

from collections.abc import Collection
from datetime import datetime

from services.notifications.domain.opt_outs import OptOut
from shared.database.repository import Repository


class OptOutRepository(Repository):
    """What numbers said. Whoever reads before an effect holds the number's lock."""

    def of(self, number: str) -> OptOut | None:
        """What the number said last, if it ever said anything."""
        row = self.one("opt-out", number=number)
        return OptOut(**row) if row else None

    def opted_out(self, numbers: Collection[str]) -> set[str]:
        """Which of these numbers want no texts."""
        return {row["number"] for row in self.all("opted-out-of", numbers=list(numbers))} if numbers else set()

    def keep(self, opt_out: OptOut) -> None:
        self.run("keep-opt-out", **vars(opt_out))

    def keep_reply(self, *, message_id: str, from_number: str, body: str, meaning: str, received_at: datetime) -> bool:
        """Keeps the reply; False where it is known already."""
        kept = self.run(
            "keep-reply",
            message_id=message_id,
            from_number=from_number,
            body=body,
            meaning=meaning,
            received_at=received_at,
        )
        return bool(kept)
