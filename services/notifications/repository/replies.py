"""Replies as they came, and the messages that they may answer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.notifications.domain.questions import Message, in_one_text
from shared.database.repository import Repository


class ReplyRepository(Repository):
    """Every reply once. Whoever reads before an effect holds the number's lock."""

    def keep(
        self,
        *,
        message_id: str,
        from_number: str,
        body: str,
        meaning: str,
        text_id: UUID | None,
        site_id: UUID | None,
        received_at: datetime,
    ) -> bool:
        """Keeps the reply, the text that it answers, and whose it is; False where it is known already."""
        row = {"from_number": from_number, "body": body, "meaning": meaning, "text_id": text_id, "site_id": site_id}
        return bool(self.run("keep-reply", message_id=message_id, received_at=received_at, **row))

    def keep_told(self, message_id: str, text_ids: Sequence[UUID]) -> None:
        """And the texts to which it was said besides, where it answers one of several visits."""
        if text_ids:
            self.run("keep-reply-texts", message_id=message_id, text_ids=list(text_ids))

    def answerable(self, number: str, since: datetime, now: datetime) -> list[Message]:
        """What was texted to the number since then, the newest first."""
        return in_one_text(Message(**row) for row in self.all("answerable", number=number, since=since, now=now))

    def site_of(self, message_id: str) -> UUID | None:
        """Whose reply it was when it came; None: no site could be told."""
        row = self.one("site-of-reply", message_id=message_id)
        return row["site_id"] if row else None
