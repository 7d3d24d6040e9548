"""What people at a site write to patients."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.domain.free_texts import FreeText
from shared.database.repository import Repository


class FreeTextRepository(Repository):
    """Locks are taken in the order number, free text."""

    def add(self, text: FreeText) -> None:
        self.run("add-free-text", **vars(text))

    def change(self, text: FreeText) -> None:
        self.run("change-free-text", **vars(text))

    def next_due(
        self, now: datetime, real_now: datetime, passed_by: Collection[UUID], only: Collection[UUID] | None = None
    ) -> FreeText | None:
        """One that is due and whose pause (real time) is over, but for those (ids), and of `only` alone where there
        is; not locked."""
        of = {"passed_by": list(passed_by), "only": None if only is None else list(only)}
        return _text(self.one("next-free-text", now=now, real_now=real_now, **of))

    def lost(self, real_now: datetime) -> FreeText | None:
        """One whose claim ended (real time) without an outcome, locked."""
        return _text(self.one("lost-free-text", real_now=real_now))

    def lock(self, free_text_id: UUID) -> FreeText | None:
        return _text(self.one("lock-free-text", free_text_id=free_text_id))

    def of(self, free_text_id: UUID) -> FreeText | None:
        """As it stands."""
        return _text(self.one("free-text", free_text_id=free_text_id))

    def wrote_last(self, number: str, since: datetime) -> bool:
        """Whether somebody's own words are the last that went to the number since then."""
        return self.one("wrote-last", number=number, since=since) is not None


def _text(row: dict[str, Any] | None) -> FreeText | None:
    return FreeText(**row) if row else None
