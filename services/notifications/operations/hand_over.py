"""Handing texts over to the carrier: what every run that sends does between its claim and its record."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.domain.texts import NOT_TAKEN, UNKNOWN, Outcome
from services.notifications.operations.carrier_watch import CarrierWatch
from services.notifications.operations.gateway import Outgoing, TextGateway
from shared.clock import Clock
from shared.failpoints import failpoint

# Real time. A gateway answers within 20 s; after 60 s without an outcome the process that claimed is gone.
CLAIM_LASTS = timedelta(seconds=60)
# A claim older than this may be given up as lost before a carrier would answer (20 s): it is not sent any more.
_MAY_BE_SENT_FOR = CLAIM_LASTS - timedelta(seconds=20)


class HandOver:
    """One run's way to the carrier, outside any transaction.

    `troubled` hears of what could not be claimed or recorded (and raises where going on is of no use). `stopping` says
    that the process was asked to end: what is in hand is finished, nothing else is begun. `watch` outlives the run: it
    knows whether the carrier takes anything at all. `left`: the texts that the carrier certainly did not take.
    """

    def __init__(
        self,
        gateway: TextGateway,
        real_time: Clock,
        troubled: Callable[[UUID, Exception], None],
        stopping: Callable[[], bool],
        watch: CarrierWatch | None,
    ) -> None:
        self.gateway = gateway
        self.troubled = troubled
        self._real_time = real_time
        self._stopping = stopping
        self._watch = watch or CarrierWatch(real_time)
        self.left = set[UUID]()

    def may_claim(self, at_once: int) -> int:
        """How many of so many may be claimed now."""
        return 0 if self._stopping() else self._watch.may_ask(at_once)

    def hand_over(self, outgoing: Sequence[Outgoing], claimed_at: datetime) -> list[Outcome]:
        """What became of each, in their order; nothing of any where this process broke: their claims run out.

        `claimed_at` is real time, from before the claim.
        """
        try:
            failpoint("text.after-claim")
            is_fresh = self._is_fresh(claimed_at)
            outcomes = self._ask(outgoing) if is_fresh else _not_asked(outgoing)
            failpoint("text.after-response")
        except Exception as error:
            for one in outgoing:
                self.troubled(one.text_id, error)
            return []
        if is_fresh:  # else the carrier has shown nothing
            self._watch.heard(outcomes)
        each = zip(outgoing, outcomes, strict=True)
        not_taken = [one for one, outcome in each if outcome.status == NOT_TAKEN]
        self.left.update(text_id for one in not_taken for text_id in (one.text_id, *one.with_texts))
        return outcomes

    def _is_fresh(self, claimed_at: datetime) -> bool:
        """A process that stood still after its claim must not send behind the back of whoever took up the task."""
        return self._real_time.now() - claimed_at < _MAY_BE_SENT_FOR

    def _ask(self, outgoing: Sequence[Outgoing]) -> list[Outcome]:
        """Whatever a carrier raises may have come after it took the texts: nobody knows."""
        try:
            answers = self.gateway.send(outgoing)
        except Exception:
            return [Outcome(status=UNKNOWN, reason="no-answer")] * len(outgoing)
        return [Outcome(**vars(answer)) for answer in answers]


def _not_asked(outgoing: Sequence[Outgoing]) -> list[Outcome]:
    return [Outcome(status=NOT_TAKEN, reason="not-asked")] * len(outgoing)
