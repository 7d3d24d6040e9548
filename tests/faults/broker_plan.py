"""What befalls the broker: one node, or three of which the majority may be gone, or that do not hear each other."""

import random
from collections.abc import Iterator

from fault import Fault, Kind, rounded
from map_of_system import BROKER, NODES
from namespaces import HOST

PARTITION_LASTS = (5.0, 20.0, 45.0)
# A node that was killed is back after so long, and with it every queue's third member.
_BACK_S = 24.0


def ends(dice: random.Random, at: float) -> list[Fault]:
    """The broker of one node is killed."""
    return [Fault(at, Kind.KILL, (BROKER,), rounded(dice.uniform(0, 15)))]


def memory_alarm(broker: str, at: float) -> list[Fault]:
    return [Fault(at, Kind.MEMORY_ALARM, (broker,), 30.0)]


def disk_alarm(broker: str, at: float) -> list[Fault]:
    return [Fault(at, Kind.DISK_ALARM, (broker,), 20.0)]


def lane(dice: random.Random, load_s: float) -> Iterator[Fault]:
    """Of a cluster: one at a time, each begun only when the one before has healed (timeline)."""
    deck: list[str] = []
    at = dice.uniform(4, 10)
    while at < load_s:
        deck = deck or dice.sample(_DECK, len(_DECK))
        fault = _one(deck.pop(), dice, rounded(at))
        if fault.until > load_s:
            return
        yield fault
        at = fault.until + dice.uniform(5, 9) + (_BACK_S if fault.kind is Kind.KILL else 8)


def _one(what: str, dice: random.Random, at: float) -> Fault:
    first, second, third = dice.sample(NODES, 3)
    lasts = dice.choice(PARTITION_LASTS)
    if what == "kill":
        return Fault(at, Kind.KILL, (first,), rounded(dice.uniform(0, 15)))
    if what == "kill two":
        return Fault(at, Kind.KILL, (first, second), rounded(dice.uniform(8, 20)))
    if what == "isolate":  # from everybody: as if its cable were pulled
        return Fault(at, Kind.ISOLATED, (*_both(first, second), *_both(first, third), *_both(first, HOST)), lasts)
    if what == "halves":  # one node against two; whoever uses it still reaches it
        return Fault(at, Kind.HALVES, (*_both(first, second), *_both(first, third)), lasts)
    if what == "one way":  # a ring with one gap: two do not hear each other, the third hears both
        return Fault(at, Kind.ONE_WAY, (f"{first}>{second}",), lasts)
    if what == "pause":
        return Fault(at, Kind.PAUSE, (first,), dice.choice((6.0, 15.0, 50.0)))
    (fault,) = (memory_alarm if what == "memory" else disk_alarm)(first, at)
    return fault


def _both(one: str, other: str) -> tuple[str, ...]:
    """Both ways; only a node can be told to drop what it sends."""
    return tuple(f"{source}>{target}" for source, target in ((one, other), (other, one)) if source != HOST)


_DECK = (*("kill",) * 5, "kill two", "isolate", "halves", "one way", "kill", "pause", "memory", "disk")
