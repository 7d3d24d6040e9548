"""Opt-outs by number."""

from collections.abc import Collection

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
