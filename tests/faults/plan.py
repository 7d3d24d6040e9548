"""What a random run breaks, and when: a pure function of its seed, its length and the number of its slices.

A slice is a system of its own under load. Its faults are timed on three lanes that overlap: processes that end, one
after the other; what befalls a whole server or everything at once; and what befalls connections on an edge.
"""

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from math import ceil

from map_of_system import BROKER, DATABASE, EDGES, GATEWAYS, PROCESSES, RELAYS, SERVES, SERVICES, edges_of

FULL_MINUTES = 55.0
LONGEST_SLICE_MINUTES = 8.0
# Of each slice so much goes to the start of its system and to the quiet and the judgement at its end.
AROUND_S = 110.0
# The nights in New York on which an hour is left out, or comes twice: a slice begins just before.
EDGES_OF_SUMMER = ("2027-03-14T06:58:00+00:00", "2027-11-07T05:58:00+00:00")
HOUR_S = 3600.0


class Kind(StrEnum):
    """The ways to break something."""

    KILL = "kill"  # SIGKILL; a server stays away for `lasts`
    DRAIN = "drain"  # SIGTERM, and started again: one step of a rolling restart
    PAUSE = "pause"  # SIGSTOP for `lasts`
    MEMORY_ALARM = "memory-alarm"  # the broker takes nothing that is published
    DISK_ALARM = "disk-alarm"
    CLOCK = "clock"  # business time is `amount` seconds off for `lasts`
    PARTITION_REFUSED = "partition-refused"  # the edges refuse, and open connections are reset
    PARTITION_SILENT = "partition-silent"  # nothing comes through either way, and nobody is told
    DELAY = "delay"  # whatever is sent arrives `amount` seconds later
    RESET = "reset"  # connections end in the middle of what is sent
    HALF_OPEN = "half-open"  # one edge is silent
    LOST_ANSWER = "lost-answer"  # what is asked arrives, the answer does not
    POISON = "poison"  # an event that nobody can read


PARTITIONS = (Kind.PARTITION_REFUSED, Kind.PARTITION_SILENT)
WIRE = (Kind.DELAY, Kind.RESET, Kind.HALF_OPEN, Kind.LOST_ANSWER)


@dataclass(frozen=True)
class Fault:
    """Breaks `targets` (processes, servers, or edges) `at` seconds after the load began, for `lasts` seconds."""

    at: float
    kind: Kind
    targets: tuple[str, ...]
    lasts: float = 0.0
    amount: float = 0.0

    @property
    def until(self) -> float:
        return self.at + self.lasts


@dataclass(frozen=True)
class Slice:
    """One part of a run. `begins_at` is a business instant, or empty for an ordinary morning."""

    seed: int
    number: int
    count: int
    load_s: float
    begins_at: str
    faults: tuple[Fault, ...]

    @property
    def digest(self) -> str:
        """The same for the same plan: a finished slice of another plan is not this one."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


def slices_of(seed: int, minutes: float = FULL_MINUTES, count: int | None = None) -> list[Slice]:
    """The whole run: `count` slices of equal length, as many as the length asks for where none is given."""
    chosen = count or ceil(minutes / LONGEST_SLICE_MINUTES)
    load_s = max(30.0, minutes * 60 / chosen - AROUND_S)
    return [_slice(seed, number, chosen, load_s) for number in range(1, chosen + 1)]


def _slice(seed: int, number: int, count: int, load_s: float) -> Slice:
    dice = random.Random(f"{seed}/{number}/{count}/{load_s:.0f}")
    faults = [*_ends(dice, load_s), *_great(dice, load_s), *_wire(dice, load_s), *_poison(dice, load_s)]
    # Every third slice is such a night, so that each full run has two.
    begins_at = EDGES_OF_SUMMER[number // 3 % 2] if number % 3 == 0 else ""
    return Slice(seed, number, count, load_s, begins_at, tuple(sorted(faults, key=lambda one: one.at)))


def _ends(dice: random.Random, load_s: float) -> Iterator[Fault]:
    """Processes killed one after the other, every process before any comes again."""
    hat: list[str] = []
    at = dice.uniform(2, 8)
    while at < load_s:
        hat = hat or dice.sample(PROCESSES, len(PROCESSES))
        yield Fault(_round(at), Kind.KILL, (hat.pop(),))
        at += dice.uniform(8, 13)


def _great(dice: random.Random, load_s: float) -> Iterator[Fault]:
    """One at a time, with room to recover between them; the deck is shuffled anew whenever it is through."""
    deck: list[Callable[[random.Random, float], list[Fault]]] = []
    at = dice.uniform(5, 12)
    while at < load_s:
        deck = deck or dice.sample(_DECK, len(_DECK))
        faults = deck.pop()(dice, _round(at))
        last = max(fault.until for fault in faults)
        if last > load_s:
            return
        yield from faults
        at = last + dice.uniform(6, 10) + (12 if faults[0].targets == (BROKER,) else 0)


def _wire(dice: random.Random, load_s: float) -> Iterator[Fault]:
    hat: list[Kind] = []
    at = dice.uniform(3, 15)
    while at < load_s:
        hat = hat or dice.sample(WIRE, len(WIRE))
        kind = hat.pop()
        lasts = _round(dice.uniform(*_WIRE_LASTS[kind]))
        amount = _round(dice.uniform(0.2, 2.0)) if kind is Kind.DELAY else 0.0
        yield Fault(_round(at), kind, (str(dice.choice(EDGES)),), lasts, amount)
        at += lasts + dice.uniform(8, 16)


def _poison(dice: random.Random, load_s: float) -> Iterator[Fault]:
    """A service is given one about once in 45 seconds: some fifty in a full run."""
    for _ in range(ceil(load_s / 45)):
        yield Fault(_round(dice.uniform(0, load_s)), Kind.POISON, (dice.choice(SERVICES),))


def _broker_ends(dice: random.Random, at: float) -> list[Fault]:
    return [Fault(at, Kind.KILL, (BROKER,), _round(dice.uniform(0, 15)))]


def _database_ends(dice: random.Random, at: float) -> list[Fault]:
    return [Fault(at, Kind.KILL, (DATABASE,), _round(dice.uniform(0, 4)))]


def _pause(dice: random.Random, at: float) -> list[Fault]:
    """Half of them outlive two heartbeats of 20 s, so that what is stopped has been given up meanwhile."""
    target = dice.choice((*SERVES, *RELAYS, *GATEWAYS, BROKER, DATABASE))
    return [Fault(at, Kind.PAUSE, (target,), dice.choice((6.0, 15.0, 50.0, 60.0)))]


def _memory_alarm(_dice: random.Random, at: float) -> list[Fault]:
    return [Fault(at, Kind.MEMORY_ALARM, (BROKER,), 30.0)]


def _disk_alarm(_dice: random.Random, at: float) -> list[Fault]:
    return [Fault(at, Kind.DISK_ALARM, (BROKER,), 20.0)]


def _clock(dice: random.Random, at: float) -> list[Fault]:
    return [Fault(at, Kind.CLOCK, ("clock",), 20.0, dice.choice((HOUR_S, -HOUR_S)))]


def _partition(dice: random.Random, at: float) -> list[Fault]:
    """One process from all, all from the broker, one service from the database, or the gateways from one service."""
    service = dice.choice(SERVICES)
    groups = (
        edges_of(dice.choice(PROCESSES)),
        edges_of(BROKER),
        [edge for edge in edges_of(DATABASE) if edge.source.startswith(service)],
        [edge for edge in EDGES if edge.source in GATEWAYS and edge.target.startswith(service)],
    )
    return [Fault(at, dice.choice(PARTITIONS), tuple(map(str, dice.choice(groups))), dice.choice((5.0, 20.0, 45.0)))]


def _rolling_restart(_dice: random.Random, at: float) -> list[Fault]:
    """Every process that answers somebody, one after the other."""
    return [Fault(_round(at + 6 * place), Kind.DRAIN, (process,)) for place, process in enumerate((*SERVES, *GATEWAYS))]


def _round(seconds: float) -> float:
    return round(seconds, 2)


_DECK = (
    *(_broker_ends, _database_ends) * 3,
    *(_partition, _pause) * 2,
    *(_memory_alarm, _disk_alarm, _clock, _rolling_restart),
)
_WIRE_LASTS = {
    Kind.DELAY: (4.0, 12.0),
    Kind.RESET: (0.5, 2.0),
    Kind.HALF_OPEN: (3.0, 25.0),
    Kind.LOST_ANSWER: (0.5, 3.0),
}
