"""Events as the messaging layer hands them over."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import permutations
from typing import Any, TypeVar
from uuid import UUID

from shared.events.base import Condition
from shared.events.envelope import Event
from shared.ids import new_id

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
T = TypeVar("T")


def as_event(condition: Condition, network_id: UUID, at: datetime = NOW) -> Event[Any]:
    """The condition as an event."""
    return Event(
        id=new_id(),
        source=condition.source,
        type=condition.type,
        subject=condition.subject,
        time=at,
        networkid=network_id,
        version=condition.version,
        correlationid="test",
        causationid=None,
        traceparent=None,
        data=condition,
    )


def orders_with_duplicates(history: Sequence[T]) -> Iterator[list[T]]:
    """Every order of a history; the first told comes once more at the end, as after a lost ack."""
    for order in permutations(history):
        yield [*order, order[0]]
