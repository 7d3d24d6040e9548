"""The network's own row and its sender number."""

from datetime import datetime

from services.notifications.domain.errors import SenderTaken
from services.notifications.domain.pace import Pace
from shared.database.errors import translated
from shared.database.repository import Repository


class NetworkRepository(Repository):
    """This network; the database knows many, the transaction one."""

    def keep(self, name: str, sender_number: str, now: datetime) -> None:
        """Opens the network or changes its number. Raises SenderTaken for another network's number."""
        self.run("keep-network", called=name, opened_at=now)
        with translated(senders_number_key=SenderTaken):
            self.run("keep-sender", number=sender_number)

    def sender(self) -> str | None:
        """The number that this network texts from."""
        row = self.one("sender")
        return row["number"] if row else None

    def lock_pace(self, per_second: float) -> Pace:
        """How far ahead the number is at that rate, locked."""
        row = self.one("lock-pace")
        return Pace(per_second, row["free_at"] if row else None)

    def keep_pace(self, free_at: datetime) -> None:
        """Writes what was given to the number."""
        self.run("keep-pace", free_at=free_at)
