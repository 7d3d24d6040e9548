"""The run of `work` that says something back to replies."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.notifications.domain.responses import Response
from services.notifications.domain.texts import Outcome
from services.notifications.operations.claim_response import claim_response
from services.notifications.operations.gateway import Outgoing
from services.notifications.operations.one_by_one import OneByOne
from services.notifications.operations.ports import Unit
from services.notifications.operations.settle_response import give_up_lost_responses, settle_response


class ResponseRun(OneByOne[Response]):
    """No bulk of texts keeps whoever wrote waiting."""

    def next_due(self, uow: Unit, passed_by: Collection[UUID]) -> Response | None:
        return uow.responses.next_due(self.real_time.now(), passed_by, self.only)

    def id_of(self, listed: Response) -> UUID:
        return listed.response_id

    def claim(self, listed: Response, uow: Unit, claimed_at: datetime) -> Outgoing | None:
        return claim_response(listed, uow, self.clock, claimed_at)

    def settle(self, outgoing: Outgoing, outcome: Outcome, uow: Unit) -> None:
        real_now = self.real_time.now()
        settle_response(outgoing, outcome, uow, self.clock, real_now, for_another=self.leaves_to_another)

    def give_up_lost(self, uow: Unit) -> None:
        give_up_lost_responses(uow, self.clock, self.real_time.now())
