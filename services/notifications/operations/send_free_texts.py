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
    """No bulk of texts keeps a conversation waiting."""

    def next_due(self, uow: Unit, passed_by: Collection[UUID]) -> FreeText | None:
        return uow.free_texts.next_due(self.clock.now(), self.real_time.now(), passed_by, self.only)

    def id_of(self, listed: FreeText) -> UUID:
        return listed.free_text_id

    def claim(self, listed: FreeText, uow: Unit, claimed_at: datetime) -> Outgoing | None:
        return claim_free_text(listed, uow, self.clock, claimed_at)

    def settle(self, outgoing: Outgoing, outcome: Outcome, uow: Unit) -> None:
        real_now = self.real_time.now()
        settle_free_text(outgoing, outcome, uow, self.clock, real_now, for_another=self.leaves_to_another)

    def give_up_lost(self, uow: Unit) -> None:
        give_up_lost_free_texts(uow, self.clock, self.real_time.now())
