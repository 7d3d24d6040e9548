"""Short texts that a network's people send often."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.segments import length_of

LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class QuickReply:
    """One of them, known to the network's people by its name; `removed_at`: it is not offered any more."""

    quick_reply_id: UUID
    name: str
    body: str
    created_at: datetime
    saved_at: datetime
    saved_by: str
    version: int = 1
    removed_at: datetime | None = None

    @property
    def encoding(self) -> str:
        return length_of(self.body).encoding

    @property
    def segments(self) -> int:
        return length_of(self.body).segments

    def save(self, name: str, body: str, by: str, now: datetime) -> "QuickReply":
        """With other words, or another name; offered from now on, though it was removed."""
        told = replace(self, name=name, body=body, saved_by=by, saved_at=now, removed_at=None)
        return replace(told, version=self.version + 1)

    def remove(self, now: datetime) -> "QuickReply":
        """Not offered any more; removed again it stays as it is."""
        return self if self.removed_at else replace(self, removed_at=now, version=self.version + 1)
