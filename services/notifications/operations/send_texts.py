"""The run of `work` that sends what is due: claim, commit, ask the carrier, record what it said."""

import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

from services.notifications.domain.texts import Candidate, Outcome
from services.notifications.operations.carrier_watch import CarrierWatch
from services.notifications.operations.claim_texts import Claim, claim_texts
from services.notifications.operations.gateway import Outgoing, TextGateway
from services.notifications.operations.hand_over import HandOver
from services.notifications.operations.pacing import Pacing
from services.notifications.operations.ports import Unit
from services.notifications.operations.settle_attempts import goes_with_others, settle_attempt, settle_attempts
from shared.clock import Clock

# Of so many times what is claimed some are chosen, so that several workers seldom reach for the same text.
_CHOICE = 4
# How long (real time) one network's texts may keep those of others waiting.
TURN = timedelta(seconds=1)


class Units(Protocol):
    """Where units of work come from."""

    def for_network(self, network_id: UUID) -> Unit: ...


@dataclass
class _Turn:
    """What is claimed together: of what is `ready`, at most so many. That is asked in the claim's own transaction;
    `chosen` is known if that fails too. `strictly`: and nothing goes along with it."""

    most: int
    ready: Callable[[Unit], Sequence[Candidate]]
    chosen: list[Candidate] = field(default_factory=list)
    strictly: bool = False


class SendRun:
    """One worker's run over one network; several workers may run at once.

    Texts are claimed together, as many as the carrier takes at once, handed over together and settled together. What
    fails together is done one by one: one bad text stops nobody else. `clock` tells business time, `real_time` how
    long a claim may take. `troubled`, `stopping` and `watch`: see HandOver; `is_last`, `only`, `is_paced`: see Carrier.
    `failed`: the texts whose claim failed by itself; they are passed by, and added to.
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
        *,
        is_last: bool = True,
        only: Collection[UUID] | None = None,
        is_paced: bool = True,
        failed: set[UUID] | None = None,
    ) -> None:
        self._units = units
        self._for_another = not is_last
        self._only = only
        self._is_paced = is_paced
        self._failed = set[UUID]() if failed is None else failed
        self._clock = clock
        self._real_time = real_time
        self._decided = 0
        self.left_off = False
        self._carrier = HandOver(gateway, real_time, troubled, stopping, watch)

    @property
    def left(self) -> Collection[UUID]:
        """What the carrier certainly did not take."""
        return self._carrier.left

    def send(self, network_id: UUID) -> int:
        """Sends until nothing more is ready; gives how many texts were handed to the carrier.

        After a second it leaves off: others are waiting. `left_off`: there may be more that can be decided.
        """
        sent, passed_by, ends_at = 0, set[UUID](), self._real_time.now() + TURN
        self._decided, self.left_off = 0, False
        while most := self._may_claim():
            turn = _Turn(most, partial(self._ready, most, passed_by))
            sent += self._take(network_id, turn, passed_by)
            if len(turn.chosen) < most:
                break
            if self._real_time.now() >= ends_at:
                self.left_off = self._decided > 0
                break
        return sent

    def _may_claim(self) -> int:
        return self._carrier.may_claim(self._carrier.gateway.at_once)

    def _ready(self, most: int, passed_by: Collection[UUID], uow: Unit) -> list[Candidate]:
        not_these = {*passed_by, *self._failed, *self.left}
        return uow.texts.ready(self._clock.now(), self._real_time.now(), _CHOICE * most, not_these, self._only)

    def _take(self, network_id: UUID, turn: _Turn, passed_by: set[UUID]) -> int:
        claimed_at = self._real_time.now()
        try:
            claim = self._claim(network_id, turn, claimed_at)
        except Exception as error:
            return self._take_each(network_id, turn, passed_by, error)
        passed_by.update(claim.passed_by)
        self._decided += len(turn.chosen) - len(claim.passed_by)
        return self._hand_over(network_id, claim.outgoing, claimed_at) if claim.outgoing else 0

    def _take_each(self, network_id: UUID, turn: _Turn, passed_by: set[UUID], error: Exception) -> int:
        """Their claim failed: each by itself, and the one that fails by itself is left."""
        chosen = turn.chosen
        if not chosen:
            raise error
        if len(chosen) > 1 or not turn.strictly:
            turns = [_Turn(1, partial(_alone, it), strictly=True) for it in chosen]
            return sum(self._take(network_id, turn, passed_by) for turn in turns if self._may_claim())
        self._failed.add(chosen[0].text_id)
        self._decided += 1  # it is not tried again in this call
        self._carrier.troubled(chosen[0].text_id, error)
        return 0

    def _claim(self, network_id: UUID, turn: _Turn, claimed_at: datetime) -> Claim:
        gateway = self._carrier.gateway
        with self._units.for_network(network_id) as uow:
            ready = turn.ready(uow)
            pacing = Pacing(gateway.per_second if ready and self._is_paced else None, uow, claimed_at)
            turn.chosen = _chosen(ready, pacing.room(min(turn.most, len(ready))))
            not_these = None if turn.strictly else {*self._failed, *self.left}
            claim = claim_texts(turn.chosen, uow, self._clock, claimed_at, gateway.name, not_these)
            pacing.spend(len(claim.outgoing))
            return uow.commit(claim)

    def _hand_over(self, network_id: UUID, outgoing: Sequence[Outgoing], claimed_at: datetime) -> int:
        outcomes = self._carrier.hand_over(outgoing, claimed_at)
        if outcomes:
            self._settle(network_id, outgoing, outcomes)
        return len(outcomes)

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
                now = self._real_time.now()
                settle_attempt(one.attempt_id, outcome, uow, self._clock, now, for_another=self._for_another)
                uow.commit()
        except Exception as error:
            self._carrier.troubled(one.text_id, error)


def _chosen(ready: Sequence[Candidate], texts: int) -> list[Candidate]:
    """Any of those that stand alone, and then any of those that are one of many."""
    alone = [it for it in ready if it.run_id is None]
    many = [it for it in ready if it.run_id is not None]
    first = _some_of(alone, min(texts, len(alone)))
    return first + _some_of(many, min(texts - len(first), len(many)))


def _some_of(ready: Sequence[Candidate], texts: int) -> list[Candidate]:
    """In their order, and of one patient the first: in that order they count towards the caps."""
    drawn = Counter(it.patient_id for it in random.sample(ready, texts))
    chosen = []
    for it in ready:
        if drawn[it.patient_id]:
            drawn[it.patient_id] -= 1
            chosen.append(it)
    return chosen


def _alone(candidate: Candidate, _uow: Unit) -> list[Candidate]:
    return [candidate]
