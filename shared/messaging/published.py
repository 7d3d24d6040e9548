"""What publishing works with: where rows come from, and who counts what becomes of them."""

from collections.abc import Collection, Sequence
from typing import Protocol

from shared.messaging.outbox_rows import OutboxRow


class Source(Protocol):
    """Where rows come from and where their outcome goes."""

    def due(self, limit: int, excluding: Collection[int]) -> list[OutboxRow]:
        """The next rows to publish."""
        ...

    def stamp(self, ids: Sequence[int]) -> None:
        """These were confirmed."""
        ...

    def hold_back(self, rows: Sequence[OutboxRow], reason: str) -> None:
        """These were not; try again later."""
        ...


class Observer(Protocol):
    """Who counts what happens."""

    def published(self, count: int) -> None: ...

    def held_back(self, row: OutboxRow, reason: str) -> None: ...

    def blocked(self, *, now: bool) -> None: ...
