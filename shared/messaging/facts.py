"""What handlers do with lists of facts."""

from collections.abc import Iterable
from typing import TypeVar

from shared.events.base import Condition
from shared.events.envelope import Event

C = TypeVar("C", bound=Condition)


def newest(facts: Iterable[Event[C]]) -> list[Event[C]]:
    """The newest fact of each aggregate, in the order in which the aggregates first appear."""
    kept: dict[tuple[str, object], Event[C]] = {}
    for fact in facts:
        key = (fact.source, fact.subject)
        if key not in kept or fact.version > kept[key].version:
            kept[key] = fact
    return list(kept.values())
