"""The run of `work` that sends what people at sites wrote."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.notifications.domain.free_texts import FreeText
from services.notifications.domain.texts import Outcome
from services.notifications.operations.claim_free_text import claim_free_text
from services.notifications.operations.gateway import Outgoing
from services.notifications.operations.one_by_one import OneByOne
from services.notifications.operations.ports import Unit
from services.notifications.operations.settle_free_text import give_up_lost_free_texts, settle_free_text


class FreeTextRun(OneByOne[FreeText]):
    """No bulk of texts keeps a conversation waiting, though they share the number's rate."""

    _is_ahead = False

    def next_due(self, uow: Unit, passed_by: Collection[UUID]) -> FreeText | None:
        return uow.free_texts.next_due(self.clock.now(), self.real_time.now(), passed_by, self.only)

    def id_of(self, listed: FreeText) -> UUID:
        return listed.free_text_id

    def claim(self, listed: FreeText, uow: Unit, claimed_at: datetime) -> Outgoing | None:
        """The number's rate first, as claims of other texts take their locks."""
        rate = self._carrier.gateway.per_second if self.is_paced else None
        pace = uow.network.lock_pace(rate) if rate and not self._is_ahead else None
        self._is_ahead = self._is_ahead or (pace is not None and not pace.takes_one_more(claimed_at))
        if self._is_ahead:
            return None
        outgoing = claim_free_text(listed, uow, self.clock, claimed_at)
        if pace and outgoing:
            uow.network.keep_pace(pace.after(1, claimed_at))
        return outgoing

    def settle(self, outgoing: Outgoing, outcome: Outcome, uow: Unit) -> None:
        real_now = self.real_time.now()
        settle_free_text(outgoing, outcome, uow, self.clock, real_now, for_another=self.leaves_to_another)

    def give_up_lost(self, uow: Unit) -> None:
        give_up_lost_free_texts(uow, self.clock, self.real_time.now())
