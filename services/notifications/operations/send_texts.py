"""The run of `work` that sends what is due: claim, commit, ask the carrier, record what it said."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

from services.notifications.domain.texts import NOT_TAKEN, UNKNOWN, Candidate, Outcome
from services.notifications.operations.carrier_watch import CarrierWatch
from services.notifications.operations.claim_texts import CLAIM_LASTS, Claim, claim_texts
from services.notifications.operations.gateway import Outgoing, TextGateway
from services.notifications.operations.ports import Unit
from services.notifications.operations.settle_attempts import goes_with_others, settle_attempt, settle_attempts
from shared.clock import Clock
from shared.failpoints import failpoint

# A claim older than this may be given up as lost before a carrier would answer (20 s): it is not sent any more.
_MAY_BE_SENT_FOR = CLAIM_LASTS - timedelta(seconds=20)
# Of so many times what is claimed some are chosen, so that several workers seldom reach for the same text.
_CHOICE = 4


class Units(Protocol):
    """Where units of work come from."""

    def for_network(self, network_id: UUID) -> Unit: ...


@dataclass
class _Turn:
    """What is claimed together. `choose` runs in the claim's own transaction; `chosen` is known if that fails too."""

    choose: Callable[[Unit], list[Candidate]]
    chosen: list[Candidate] = field(default_factory=list)

    def __call__(self, uow: Unit) -> list[Candidate]:
        self.chosen = self.choose(uow)
        return self.chosen


class SendRun:
    """One worker's run over one network; several workers may run at once.

    Texts are claimed together, as many as the carrier takes at once, handed over together and settled together. What
    fails together is done one by one: one bad text stops nobody else. `clock` tells business time, `real_time` how
    long a claim may take. `troubled` hears of what could not be claimed or recorded (and raises where going on is of
    no use). `stopping` says that the process was asked to end: what is in hand is finished, nothing else is begun.
    `watch` outlives the run: it knows whether the carrier takes anything at all.
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
        sent, passed_by = 0, set[UUID]()
        while most := self._may_claim():
            turn = _Turn(partial(self._some, most, passed_by))
            sent += self._take(network_id, turn, passed_by)
            if len(turn.chosen) < most:
                break
        return sent

    def _may_claim(self) -> int:
        return 0 if self._stopping() else self._watch.may_ask(self._gateway.at_once)

    def _some(self, most: int, passed_by: set[UUID], uow: Unit) -> list[Candidate]:
        ready = uow.texts.ready(self._clock.now(), self._real_time.now(), _CHOICE * most, passed_by)
        return random.sample(ready, min(most, len(ready)))

    def _take(self, network_id: UUID, turn: _Turn, passed_by: set[UUID]) -> int:
        claimed_at = self._real_time.now()
        try:
            claim = self._claim(network_id, turn, claimed_at)
        except Exception as error:
            return self._take_each(network_id, turn.chosen, passed_by, error)
        passed_by.update(claim.passed_by)
        return self._hand_over(network_id, claim.outgoing, claimed_at) if claim.outgoing else 0

    def _take_each(self, network_id: UUID, chosen: Sequence[Candidate], passed_by: set[UUID], error: Exception) -> int:
        """Their claim failed: each by itself, and the one that fails by itself is left."""
        if not chosen:
            raise error
        if len(chosen) > 1:
            turns = [_Turn(partial(_only, it)) for it in chosen]
            return sum(self._take(network_id, turn, passed_by) for turn in turns if self._may_claim())
        passed_by.add(chosen[0].text_id)
        self._troubled(chosen[0].text_id, error)
        return 0

    def _claim(self, network_id: UUID, choose: Callable[[Unit], list[Candidate]], claimed_at: datetime) -> Claim:
        with self._units.for_network(network_id) as uow:
            claim = claim_texts(choose(uow), uow, self._clock, claimed_at, self._gateway.name)
            return uow.commit(claim)

    def _hand_over(self, network_id: UUID, outgoing: Sequence[Outgoing], claimed_at: datetime) -> int:
        try:
            failpoint("text.after-claim")
            outcomes = self._ask(outgoing) if self._is_fresh(claimed_at) else _not_asked(outgoing)
            failpoint("text.after-response")
        except Exception as error:
            for one in outgoing:
                self._troubled(one.text_id, error)
            return 0
        self._watch.heard(outcomes)
        self._settle(network_id, outgoing, outcomes)
        return len(outgoing)

    def _is_fresh(self, claimed_at: datetime) -> bool:
        """A process that stood still after its claim must not send behind the back of whoever took up the task."""
        return self._real_time.now() - claimed_at < _MAY_BE_SENT_FOR

    def _ask(self, outgoing: Sequence[Outgoing]) -> list[Outcome]:
        """Whatever a carrier raises may have come after it took the texts: nobody knows."""
        try:
            answers = self._gateway.send(outgoing)
        except Exception:
            return [Outcome(status=UNKNOWN, reason="no-answer")] * len(outgoing)
        return [Outcome(**vars(answer)) for answer in answers]

    def _settle(self, network_id: UUID, outgoing: Sequence[Outgoing], outcomes: Sequence[Outcome]) -> None:
        """All that go together in one transaction; the others, and all of them where that fails, one by one."""
        each = list(zip(outgoing, outcomes, strict=True))
        together = {one.attempt_id: outcome for one, outcome in each if goes_with_others(outcome)}
        settled = together if self._settle_all(network_id, together) else {}
        for one, outcome in each:
            if one.attempt_id not in settled:
                self._settle_one(network_id, one, outcome)

    def _settle_all(self, network_id: UUID, outcomes: Mapping[UUID, Outcome]) -> bool:
        if not outcomes:
            return False
        try:
            with self._units.for_network(network_id) as uow:
                settle_attempts(outcomes, uow, self._clock)
                uow.commit()
        except Exception:
            return False
        return True

    def _settle_one(self, network_id: UUID, one: Outgoing, outcome: Outcome) -> None:
        try:
            with self._units.for_network(network_id) as uow:
                settle_attempt(one.attempt_id, outcome, uow, self._clock, self._real_time.now())
                uow.commit()
        except Exception as error:
            self._troubled(one.text_id, error)


def _only(candidate: Candidate, _uow: Unit) -> list[Candidate]:
    return [candidate]


def _not_asked(outgoing: Sequence[Outgoing]) -> list[Outcome]:
    return [Outcome(status=NOT_TAKEN, reason="not-asked")] * len(outgoing)
