"""The run of `work` that asks the carrier what became of texts whose fate nobody knows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from services.notifications.domain.look_ups import Listing, claimed_at, next_look, outcome_of
from services.notifications.domain.texts import UNKNOWN, Outcome, Text
from services.notifications.operations.gateway import Sought, TextGateway
from services.notifications.operations.hand_over import CLAIM_LASTS
from services.notifications.operations.ports import Unit
from services.notifications.operations.settle_attempts import settle_attempt
from shared.clock import Clock

_AT_ONCE = 50
# After so long whatever the carrier took stands in its list.
GRACE = timedelta(minutes=10)


class Units(Protocol):
    """Where units of work come from."""

    def for_network(self, network_id: UUID) -> Unit: ...


class LookUpRun:
    """One look at each text that is due for one. Never asks the carrier inside a transaction.

    `real_time` is what claims and carriers live in; `grace` how long a carrier may take to list what it took.
    """

    def __init__(
        self,
        units: Units,
        gateway: TextGateway,
        clock: Clock,
        real_time: Clock,
        stopping: Callable[[], bool] = lambda: False,
        grace: timedelta = GRACE,
    ) -> None:
        self._units = units
        self._gateway = gateway
        self._clock = clock
        self._real_time = real_time
        self._stopping = stopping
        self._grace = grace

    def look_up_texts(self, network_id: UUID) -> int:
        """Gives how many texts were settled."""
        sought = self._due_for_a_look(network_id)
        return sum(self._look_up(network_id, text) for text in sought if not self._stopping())

    def _due_for_a_look(self, network_id: UUID) -> list[Text]:
        """One of each attempt. Each is put off before it is asked about: a look that dies is not repeated at once."""
        real_now = self._real_time.now()
        with self._units.for_network(network_id) as uow:
            found = uow.texts.lock_to_look_up(self._gateway.name, real_now, _AT_ONCE)
            for text in found:
                again = next_look(text.looks, claimed_at(text, CLAIM_LASTS), real_now)
                uow.texts.put_off(text.text_id, text.looks + 1, again)
            return uow.commit(list({text.attempt_id: text for text in found}.values()))

    def _look_up(self, network_id: UUID, text: Text) -> bool:
        assert text.attempt_id is not None  # noqa: S101  # unknown texts have one
        listing = self._ask(network_id, text)
        with self._units.for_network(network_id) as uow:
            outcome = self._outcome(text, listing, uow) if listing else None
            if outcome:
                settle_attempt(text.attempt_id, outcome, uow, self._clock, self._real_time.now())
            uow.commit()
        return outcome is not None

    def _ask(self, network_id: UUID, text: Text) -> Listing | None:
        assert text.attempt_id is not None  # noqa: S101
        if text.from_number is None or text.number is None:
            return None
        sought = Sought(
            network_id=network_id, attempt_id=text.attempt_id, from_number=text.from_number, to_number=text.number
        )
        try:
            return self._gateway.messages(sought)
        except Exception:
            return None  # it does not say now

    def _outcome(self, text: Text, listing: Listing, uow: Unit) -> Outcome | None:
        """Asked under the number's lock, so that two texts of one number do not take the same message for theirs."""
        assert text.number is not None  # noqa: S101
        assert text.attempt_id is not None  # noqa: S101
        uow.lock(f"look-up/{text.number}")
        now = uow.texts.of(text.text_id)
        if now is None or now.status != UNKNOWN or now.attempt_id != text.attempt_id:
            return None
        claimed = claimed_at(now, CLAIM_LASTS)
        others = uow.texts.sids_of_others(text.attempt_id, [it.sid for it in listing.messages])
        settled = self._real_time.now() >= claimed + self._grace
        return outcome_of(now, listing, claimed, others, twins=uow.texts.has_twin(now), settled=settled)
