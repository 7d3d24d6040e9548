"""The runs of `work` that send one by one, beside all that is due: no bulk of texts keeps a patient waiting."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from services.notifications.domain.texts import Outcome
from services.notifications.operations.carrier_watch import CarrierWatch
from services.notifications.operations.gateway import Outgoing, TextGateway
from services.notifications.operations.hand_over import HandOver
from services.notifications.operations.ports import Unit
from services.notifications.operations.send_texts import TURN, Units
from shared.clock import Clock

Listed = TypeVar("Listed")


class OneByOne(ABC, Generic[Listed]):
    """One worker's run over one network: claim, commit, ask the carrier, record what it said.

    What cannot be claimed is left for the next run, and stops nobody else. Its arguments are those of SendRun.
    `left_off`: there was more to send than the network's turn was long.
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
        self.leaves_to_another = not is_last
        self.only = only
        self.is_paced = is_paced
        self.left_off = False
        self._failed = set[UUID]() if failed is None else failed
        self.clock = clock
        self.real_time = real_time
        self._units = units
        self._carrier = HandOver(gateway, real_time, troubled, stopping, watch)

    @property
    def left(self) -> Collection[UUID]:
        """What the carrier certainly did not take."""
        return self._carrier.left

    @abstractmethod
    def next_due(self, uow: Unit, passed_by: Collection[UUID]) -> Listed | None:
        """The next one but for those (of `only`, where there is), not locked."""

    @abstractmethod
    def id_of(self, listed: Listed) -> UUID: ...

    @abstractmethod
    def claim(self, listed: Listed, uow: Unit, claimed_at: datetime) -> Outgoing | None:
        """Under its locks; None where it does not go now. `claimed_at` is real time."""

    @abstractmethod
    def settle(self, outgoing: Outgoing, outcome: Outcome, uow: Unit) -> None:
        """Records what the carrier said."""

    @abstractmethod
    def give_up_lost(self, uow: Unit) -> None:
        """Those whose claim ended without an outcome: nobody knows, and they are not sent again."""

    def send(self, network_id: UUID) -> int:
        """Sends until nothing more is due, or for a second; gives how many were handed to the carrier."""
        with self._units.for_network(network_id) as uow:
            self.give_up_lost(uow)
            uow.commit()
        sent, passed_by, ends_at = 0, set(self._failed), self.real_time.now() + TURN
        while self._carrier.may_claim(1) and (listed := self._next(network_id, passed_by)):
            sent += self._take(network_id, listed)
            passed_by.add(self.id_of(listed))
            if self.real_time.now() >= ends_at:
                self.left_off = sent > 0
                break
        return sent

    def _next(self, network_id: UUID, passed_by: Collection[UUID]) -> Listed | None:
        with self._units.for_network(network_id) as uow:
            return self.next_due(uow, passed_by)

    def _take(self, network_id: UUID, listed: Listed) -> int:
        claimed_at = self.real_time.now()
        try:
            with self._units.for_network(network_id) as uow:
                outgoing = uow.commit(self.claim(listed, uow, claimed_at))
        except Exception as error:
            self._failed.add(self.id_of(listed))
            self._carrier.troubled(self.id_of(listed), error)
            return 0
        return self._hand_over(network_id, outgoing, claimed_at) if outgoing else 0

    def _hand_over(self, network_id: UUID, outgoing: Outgoing, claimed_at: datetime) -> int:
        outcomes = self._carrier.hand_over([outgoing], claimed_at)
        for outcome in outcomes:
            self._settle(network_id, outgoing, outcome)
        return len(outcomes)

    def _settle(self, network_id: UUID, outgoing: Outgoing, outcome: Outcome) -> None:
        try:
            with self._units.for_network(network_id) as uow:
                self.settle(outgoing, outcome, uow)
                uow.commit()
        except Exception as error:
            self._carrier.troubled(outgoing.text_id, error)
