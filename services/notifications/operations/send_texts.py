"""The run of `work` that sends what is due: claim, commit, ask the carrier, record what it said."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Protocol
from uuid import UUID

from services.notifications.domain.texts import NOT_TAKEN, UNKNOWN, Candidate, Outcome
from services.notifications.operations.carrier_watch import CarrierWatch
from services.notifications.operations.claim_text import CLAIM_LASTS, claim_text, watch_waiting_texts
from services.notifications.operations.gateway import Outgoing, TextGateway
from services.notifications.operations.ports import Unit
from services.notifications.operations.settle_attempt import forget_lost_claims, settle_attempt
from shared.clock import Clock
from shared.failpoints import failpoint

_BATCH = 200
# A claim older than this may be given up as lost before a carrier would answer (20 s): it is not sent any more.
_MAY_BE_SENT_FOR = CLAIM_LASTS - timedelta(seconds=20)


class Units(Protocol):
    """Where units of work come from."""

    def for_network(self, network_id: UUID) -> Unit: ...


class SendRun:
    """One worker's run over one network; several workers may run at once.

    `clock` tells business time, `real_time` how long a claim or a copy may take. `troubled` hears of what could
    not be claimed or recorded (and raises where going on is of no use); one bad text stops nobody else.
    `stopping` says that the process was asked to end: the text in hand is finished, no other is begun. `watch` outlives
    the run: it knows whether the carrier takes anything at all.
    """

    def __init__(
        self,
        units: Units,
        gateway: TextGateway,
        clock: Clock,
        real_time: Clock,
        troubled: Callable[[UUID, Exception], None],
        stopping: Callable[[], bool] = lambda: False,
        watch: CarrierWatch | None = None,
    ) -> None:
        self._units = units
        self._gateway = gateway
        self._clock = clock
        self._troubled = troubled
        self._stopping = stopping
        self._real_time = real_time
        self._watch = watch or CarrierWatch(real_time)

    def send_due_texts(self, network_id: UUID) -> int:
        """Sends until nothing more is ready; gives how many texts were handed to the carrier."""
        sent, before = 0, frozenset[Candidate]()
        while not self._stopping():
            candidates = self._ready(network_id)
            sent += self._send_all(network_id, candidates)
            if len(candidates) < _BATCH or before == frozenset(candidates) or not self._watch.may_ask():
                break  # nothing more, or nothing that can be decided now
            before = frozenset(candidates)
        return sent

    def _send_all(self, network_id: UUID, candidates: Sequence[Candidate]) -> int:
        going = takewhile(lambda _: self._goes_on(), candidates)
        return sum(self._send_one(network_id, candidate) for candidate in going)

    def _goes_on(self) -> bool:
        return not self._stopping() and self._watch.may_ask()

    def _ready(self, network_id: UUID) -> list[Candidate]:
        with self._units.for_network(network_id) as uow:
            forget_lost_claims(uow, self._clock, self._real_time.now())
            watch_waiting_texts(uow, self._clock, self._real_time.now())
            candidates = uow.texts.ready(self._clock.now(), self._real_time.now(), _BATCH)
            uow.commit()
        random.shuffle(candidates)  # so that several workers seldom reach for the same text
        return candidates

    def _send_one(self, network_id: UUID, candidate: Candidate) -> bool:
        claimed_at = self._real_time.now()
        try:
            outgoing = self._claim(network_id, candidate, claimed_at)
            if outgoing is not None:
                self._send(network_id, outgoing, claimed_at)
        except Exception as error:
            self._troubled(candidate.text_id, error)
            return False
        return outgoing is not None

    def _claim(self, network_id: UUID, candidate: Candidate, claimed_at: datetime) -> Outgoing | None:
        with self._units.for_network(network_id) as uow:
            outgoing = claim_text(candidate, uow, self._clock, claimed_at, self._gateway.name)
            return uow.commit(outgoing)

    def _send(self, network_id: UUID, outgoing: Outgoing, claimed_at: datetime) -> None:
        failpoint("text.after-claim")
        outcome = self._ask(outgoing) if self._is_fresh(claimed_at) else Outcome(status=NOT_TAKEN, reason="not-asked")
        failpoint("text.after-response")
        with self._units.for_network(network_id) as uow:
            settle_attempt(outgoing.attempt_id, outcome, uow, self._clock, self._real_time.now())
            uow.commit()
        self._watch.heard(outcome)

    def _is_fresh(self, claimed_at: datetime) -> bool:
        """A process that stood still after its claim must not send behind the back of whoever took up the task."""
        return self._real_time.now() - claimed_at < _MAY_BE_SENT_FOR

    def _ask(self, outgoing: Outgoing) -> Outcome:
        """Whatever a carrier raises may have come after it took the text: nobody knows."""
        try:
            answer = self._gateway.send(outgoing)
        except Exception:
            return Outcome(status=UNKNOWN, reason="no-answer")
        return Outcome(**vars(answer))
