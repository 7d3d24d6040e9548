"""Short texts that are sent often."""

from uuid import UUID

from services.notifications.domain.errors import QuickReplyExists
from services.notifications.domain.quick_replies import QuickReply
from shared.database.errors import translated
from shared.database.repository import Repository
from shared.errors import NotFound, require_version


class QuickReplyRepository(Repository):
    """The network's, for all of its sites."""

    def add(self, reply: QuickReply) -> None:
        """Raises QuickReplyExists."""
        with translated(quick_replies_name_key=QuickReplyExists):
            self.run("add-quick-reply", **_row(reply))

    def save(self, reply: QuickReply) -> None:
        """Raises QuickReplyExists."""
        with translated(quick_replies_name_key=QuickReplyExists):
            self.run("save-quick-reply", **_row(reply))

    def take(self, quick_reply_id: UUID, version: int | None) -> QuickReply:
        """It, locked. Raises NotFound, Stale for another version."""
        row = self.one("lock-quick-reply", quick_reply_id=quick_reply_id)
        if row is None:
            raise NotFound
        reply = QuickReply(**row)
        require_version(version, reply.version)
        return reply


def _row(reply: QuickReply) -> dict[str, object]:
    return {**vars(reply), "encoding": reply.encoding, "segments": reply.segments}
