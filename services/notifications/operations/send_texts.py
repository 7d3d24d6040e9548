"""The run of `work` that sends what is due: claim, commit, ask the carrier, record what it said."""

import random
from collections.abc import Callable, Mapping, Sequence
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
from services.notifications.operations.pacing import paced
from services.notifications.operations.ports import Unit
from services.notifications.operations.settle_attempts import goes_with_others, settle_attempt, settle_attempts
from shared.clock import Clock

# Of so many times what is claimed some are chosen, so that several workers seldom reach for the same text.
_CHOICE = 4
# How long (real time) one network's runs of many texts may keep the texts of others waiting.
_TURN = timedelta(seconds=1)


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

    @property
    def is_of_runs(self) -> bool:
        return any(it.run_id for it in self.chosen)


class SendRun:
    """One worker's run over one network; several workers may run at once.

    Texts are claimed together, as many as the carrier takes at once, handed over together and settled together. What
    fails together is done one by one: one bad text stops nobody else. `clock` tells business time, `real_time` how
    long a claim may take. `troubled`, `stopping` and `watch`: see HandOver. A carrier that is not the last leaves to
    the others what it did not take.
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
    ) -> None:
        self._units = units
        self._leaves = None if is_last else gateway.name
        self._clock = clock
        self._real_time = real_time
        self.left_off = False
        self._carrier = HandOver(gateway, real_time, troubled, stopping, watch)

    def send_due_texts(self, network_id: UUID) -> int:
        """Sends until nothing more is ready; gives how many texts were handed to the carrier.

        A network that has many for one cause leaves off after a second (`left_off`): others are waiting.
        """
        sent, passed_by, ends_at = 0, set[UUID](), self._real_time.now() + _TURN
        self.left_off = False
        while not self.left_off and (most := self._may_claim()):
            turn = _Turn(partial(self._some, most, passed_by))
            sent += self._take(network_id, turn, passed_by)
            if len(turn.chosen) < most:
                break
            self.left_off = turn.is_of_runs and self._real_time.now() >= ends_at
        return sent

    def _may_claim(self) -> int:
        return self._carrier.may_claim(self._carrier.gateway.at_once)

    def _some(self, most: int, passed_by: set[UUID], uow: Unit) -> list[Candidate]:
        ready = uow.texts.ready(self._clock.now(), self._real_time.now(), _CHOICE * most, passed_by, self._leaves)
        per_second = self._carrier.gateway.per_second
        return _chosen(ready, paced(min(most, len(ready)), per_second, uow, self._real_time.now()))

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
        self._carrier.troubled(chosen[0].text_id, error)
        return 0

    def _claim(self, network_id: UUID, choose: Callable[[Unit], list[Candidate]], claimed_at: datetime) -> Claim:
        with self._units.for_network(network_id) as uow:
            claim = claim_texts(choose(uow), uow, self._clock, claimed_at, self._carrier.gateway.name)
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
                settle_attempt(one.attempt_id, outcome, uow, self._clock, self._real_time.now())
                uow.commit()
        except Exception as error:
            self._carrier.troubled(one.text_id, error)


def _chosen(ready: Sequence[Candidate], texts: int) -> list[Candidate]:
    """Any of those that stand alone, and then any of those that are one of many; each in their order, in which they
    count towards the caps."""
    alone = [it for it in ready if it.run_id is None]
    many = [it for it in ready if it.run_id is not None]
    first = _some_of(alone, min(texts, len(alone)))
    return first + _some_of(many, min(texts - len(first), len(many)))


def _some_of(ready: Sequence[Candidate], texts: int) -> list[Candidate]:
    return [ready[place] for place in sorted(random.sample(range(len(ready)), texts))]


def _only(candidate: Candidate, _uow: Unit) -> list[Candidate]:
    return [candidate]
