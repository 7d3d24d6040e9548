"""How many of the texts that are due the carrier takes from the network's number now."""

from datetime import datetime

from services.notifications.operations.ports import Unit


class Pacing:
    """The number's rate in one claim. Where there is one, a network's claims take turns, from its first question on."""

    def __init__(self, per_second: float | None, uow: Unit, real_now: datetime) -> None:
        self._uow, self._real_now = uow, real_now
        self._pace = uow.network.lock_pace(per_second) if per_second else None

    def room(self, wanted: int) -> int:
        """How many of so many may be claimed."""
        return min(wanted, self._pace.room(self._real_now)) if self._pace else wanted

    def spend(self, texts: int) -> None:
        """So many are sent: what is skipped costs nothing."""
        if self._pace and texts:
            self._uow.network.keep_pace(self._pace.after(texts, self._real_now))
