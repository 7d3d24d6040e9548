"""What a site has heard of a number, how much of it was read, and whose it is."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.errors import ConversationTaken


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One site's part in the thread of a number; `site_id` None: what no site can be told for.

    `heard` counts the replies, `read` those that somebody at the site has read. `taken_by`: whose it is.
    """

    conversation_id: UUID
    number: str
    site_id: UUID | None
    heard: int
    read: int
    last_at: datetime
    taken_by: str | None = None
    taken_at: datetime | None = None

    @property
    def unread(self) -> int:
        return self.heard - self.read

    def mark_read(self, heard: int) -> "Conversation":
        """With as many read as whoever read them had seen: what came meanwhile stays unread."""
        return replace(self, read=max(self.read, min(heard, self.heard)))

    def take(self, by: str, now: datetime) -> "Conversation":
        """As that account's; its own stays as it is. Raises ConversationTaken with whose it is."""
        if self.taken_by == by:
            return self
        if self.taken_by is not None:
            raise ConversationTaken({"taken_by": self.taken_by})
        return replace(self, taken_by=by, taken_at=now)

    def give_back(self) -> "Conversation":
        """As nobody's."""
        return replace(self, taken_by=None, taken_at=None)
