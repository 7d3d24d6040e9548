"""The one door through which events enter a service: inbox rows and effects in one transaction.

Deliveries of the broker and retries of parked events come through here alike.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol
from uuid import UUID

from psycopg2.extensions import connection as Connection  # noqa: N812

from shared.database.errors import OutcomeUnknown, is_connection_lost, is_worth_retrying
from shared.errors import Unavailable
from shared.failpoints import failpoint
from shared.messaging.inbox import Fact, take_in

TRIES = 6
_PAUSE_S = 0.02

Effect = Callable[[Sequence[Any], Any], None]


class DatabaseAway(Exception):
    """The service's own database does not answer: nothing is decided, the events wait."""


class Units(Protocol):
    """Where units of work for events come from (shared.database.units)."""

    def for_events(self) -> Any:
        """A unit of work that has entered no network yet."""
        ...


class Door:
    """One handler's door. `effect(facts, uow)` is the handler: called once a network, it never commits."""

    def __init__(self, consumer: str, units: Units, effect: Effect) -> None:
        self.consumer = consumer
        self.units = units
        self._effect = effect

    def admit(self, facts: Sequence[Fact], settle: Callable[[Connection], None] | None = None) -> None:
        """Takes all of `facts` in one transaction, or none; `settle` runs in it last (a parked row's end).

        Serialization failures, deadlocks and lock time-outs are tried again here. Raises
        DatabaseAway, or whatever the handler raised.
        """
        for attempt in range(1, TRIES + 1):
            try:
                self._transaction(facts, settle)
                return
            except Exception as error:
                if is_away(error):
                    raise DatabaseAway from None
                if not is_worth_retrying(error) or attempt == TRIES:
                    raise
            time.sleep(random.uniform(0, _PAUSE_S * 2**attempt))  # noqa: S311  # spreads load, hides nothing

    def _transaction(self, facts: Sequence[Fact], settle: Callable[[Connection], None] | None) -> None:
        with self.units.for_events() as uow:
            new = take_in(uow.connection, self.consumer, facts)
            if new:
                uow.leave_work()
            failpoint("handler.after-inbox")
            for group in by_network(new):
                uow.enter_network(group[0].networkid, group[0].correlationid)
                self._effect(group, uow)
            if settle is not None:
                settle(uow.connection)
            failpoint("handler.before-commit")
            uow.commit()


def is_away(error: BaseException) -> bool:
    """Whether an error says that the database (or a free connection to it) is not to be had now."""
    no_connection = isinstance(error, Unavailable) and error.details.get("part") == "database-pool"
    return no_connection or isinstance(error, OutcomeUnknown) or is_connection_lost(error)


def by_network(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    """The facts network by network, in their order inside each."""
    groups: dict[UUID, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(fact.networkid, []).append(fact)
    for network_id in sorted(groups):
        yield groups[network_id]
