"""Threads by number, and each site's part in them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.notifications.domain.conversations import Conversation
from shared.database.repository import Repository
from shared.ids import new_id


class ConversationRepository(Repository):
    """Whoever adds to one holds its number's lock."""

    def open(self, number: str, site_id: UUID | None, at: datetime, heard: int = 0) -> UUID:
        """The number's thread, with that site's part in it; `heard`: how many replies are new there."""
        self.run("open-conversation", conversation_id=new_id(), number=number)
        row = self.one("conversation-of", number=number)
        assert row is not None  # noqa: S101  # it was opened, now or before
        conversation_id: UUID = row["conversation_id"]
        self.run("open-part", conversation_id=conversation_id, site_id=site_id, at=at, heard=heard)
        return conversation_id

    def number_of(self, conversation_id: UUID, site_ids: Sequence[UUID] | None) -> str | None:
        """The thread's number, where one of these sites (None: any) has a part in it."""
        row = self.one("number-of-conversation", conversation_id=conversation_id, site_ids=site_ids)
        return row["number"] if row else None

    def lock(self, conversation_id: UUID, site_id: UUID | None) -> Conversation | None:
        """That site's part, locked."""
        row = self.one("lock-part", conversation_id=conversation_id, site_id=site_id)
        return Conversation(**row) if row else None

    def change(self, conversation: Conversation) -> None:
        self.run("change-part", **vars(conversation))

    def site_of(self, number: str) -> UUID | None:
        """Whose a reply from that number is: the site that texted it last, else that of its patients' last visit."""
        row = self.one("site-of-number", number=number)
        return row["site_id"] if row else None
