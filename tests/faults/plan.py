"""What a random run breaks, and when: a pure function of its seed, length, number of slices and of broker nodes.

A slice is a system of its own under load. Its faults are timed on lanes that overlap: processes that end, one after
the other; what befalls a whole server or everything at once (of a broker of three nodes on a lane of its own); what
befalls connections on an edge; the carrier's weather. In half of the slices the next release is brought in meanwhile
(rolling_plan).
"""

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from math import ceil

import broker_plan
import rolling_plan
from fault import PARTITIONS, WIRE, Fault, Kind, rounded
from map_of_system import (
    BROKER,
    CARRIER,
    DATABASE,
    GATEWAYS,
    PROCESSES,
    RELAYS,
    SERVES,
    SERVICES,
    brokers,
    edges,
    edges_of,
)

FULL_MINUTES = 55.0
LONGEST_SLICE_MINUTES = 14.0
# Of each slice so much goes to the start of its system and to the quiet and the judgement at its end.
AROUND_S = 120.0
# The nights in New York on which an hour is left out, or comes twice: a slice begins just before.
EDGES_OF_SUMMER = {2: "2027-03-14T06:58:00+00:00", 3: "2027-11-07T05:58:00+00:00"}
HOUR_S = 3600.0
Card = Callable[[random.Random, float], list[Fault]]


@dataclass(frozen=True)
class Slice:
    """One part of a run. `nodes` are the broker's; `begins_at` is a business instant, or empty: an ordinary morning."""

    seed: int
    number: int
    count: int
    nodes: int
    load_s: float
    begins_at: str
    faults: tuple[Fault, ...]

    @property
    def digest(self) -> str:
        """The same for the same plan: a finished slice of another plan is not this one."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


def slices_of(
    seed: int, minutes: float = FULL_MINUTES, count: int | None = None, nodes: int | None = None
) -> list[Slice]:
    """The whole run: `count` slices of equal length, as many as the length asks for where none is given.

    The broker has one node in odd slices and three in even ones, or `nodes` in all.
    """
    chosen = count or ceil(minutes / LONGEST_SLICE_MINUTES)
    load_s = max(30.0, minutes * 60 / chosen - AROUND_S)
    numbers = range(1, chosen + 1)
    return [_slice(seed, number, chosen, load_s, nodes or (1 if number % 2 else 3)) for number in numbers]


def _slice(seed: int, number: int, count: int, load_s: float, nodes: int) -> Slice:
    dice = random.Random(f"{seed}/{number}/{count}/{load_s:.0f}/{nodes}")
    releases, cards, free = list[Fault](), [*_deck(nodes), _rolling_restart], (0.0, load_s)
    if number % 4 in rolling_plan.SLICES:
        releases, cards = rolling_plan.lane(dice, load_s), _deck(nodes)
        free = rolling_plan.between_migrations(releases)
    faults = [*releases, *_ends(dice, load_s), *_great(dice, cards, *free)]
    faults += [*_wire(dice, load_s, nodes), *_poison(dice, load_s), *_weather(dice, load_s)]
    if nodes > 1:
        faults += broker_plan.lane(dice, load_s)
    begins_at = EDGES_OF_SUMMER.get(number % 4, "")
    return Slice(seed, number, count, nodes, load_s, begins_at, tuple(sorted(faults, key=lambda one: one.at)))


def _ends(dice: random.Random, load_s: float) -> Iterator[Fault]:
    """Processes killed one after the other, every process before any comes again."""
    hat: list[str] = []
    at = dice.uniform(2, 8)
    while at < load_s:
        hat = hat or dice.sample(PROCESSES, len(PROCESSES))
        yield Fault(rounded(at), Kind.KILL, (hat.pop(),))
        at += dice.uniform(12, 17)


def _great(dice: random.Random, cards: list[Card], begin: float, end: float) -> Iterator[Fault]:
    """One at a time, with room to recover between them; the deck is shuffled anew whenever it is through."""
    deck: list[Card] = []
    at = begin + dice.uniform(5, 12)
    while at < end:
        deck = deck or dice.sample(cards, len(cards))
        faults = deck.pop()(dice, rounded(at))
        last = max(fault.until for fault in faults)
        if last > end:
            return
        yield from faults
        at = last + dice.uniform(6, 10) + (12 if faults[0].targets == (BROKER,) else 0)


def _wire(dice: random.Random, load_s: float, nodes: int) -> Iterator[Fault]:
    hat: list[Kind] = []
    at = dice.uniform(3, 15)
    while at < load_s:
        hat = hat or dice.sample(WIRE, len(WIRE))
        kind = hat.pop()
        lasts = rounded(dice.uniform(*_WIRE_LASTS[kind]))
        amount = rounded(dice.uniform(0.2, 2.0)) if kind is Kind.DELAY else 0.0
        yield Fault(rounded(at), kind, (str(dice.choice(edges(nodes))),), lasts, amount)
        at += lasts + dice.uniform(8, 16)


def _poison(dice: random.Random, load_s: float) -> Iterator[Fault]:
    """A service is given one about once in 45 seconds: some sixty in a full run."""
    for _ in range(ceil(load_s / 45)):
        yield Fault(rounded(dice.uniform(0, load_s)), Kind.POISON, (dice.choice(SERVICES),))


def _weather(dice: random.Random, load_s: float) -> Iterator[Fault]:
    """Spells in which some texts, half of them or none can be handed over as they should."""
    at = dice.uniform(4, 15)
    while at < load_s:
        lasts = rounded(dice.uniform(6, 25))
        yield Fault(rounded(at), Kind.WEATHER, (CARRIER,), lasts, dice.choice((0.2, 0.5, 1.0)))
        at += lasts + dice.uniform(15, 35)


def _database_ends(dice: random.Random, at: float) -> list[Fault]:
    return [Fault(at, Kind.KILL, (DATABASE,), rounded(dice.uniform(0, 4)))]


def _pause(targets: tuple[str, ...], dice: random.Random, at: float) -> list[Fault]:
    """Half of them outlive two heartbeats of 20 s, so that what is stopped has been given up meanwhile."""
    return [Fault(at, Kind.PAUSE, (dice.choice(targets),), dice.choice((6.0, 15.0, 50.0, 60.0)))]


def _clock(dice: random.Random, at: float) -> list[Fault]:
    return [Fault(at, Kind.CLOCK, ("clock",), 20.0, dice.choice((HOUR_S, -HOUR_S)))]


def _partition(nodes: int, dice: random.Random, at: float) -> list[Fault]:
    """One process from all, all from the broker, one service from the database, or the gateways from one service."""
    service = dice.choice(SERVICES)
    groups = (
        edges_of(dice.choice(PROCESSES), nodes=nodes),
        edges_of(*brokers(nodes), nodes=nodes),
        [edge for edge in edges_of(DATABASE) if edge.source.startswith(service)],
        [edge for edge in edges() if edge.source in GATEWAYS and edge.target.startswith(service)],
    )
    return [Fault(at, dice.choice(PARTITIONS), tuple(map(str, dice.choice(groups))), dice.choice((5.0, 20.0, 45.0)))]


def _rolling_restart(_dice: random.Random, at: float) -> list[Fault]:
    """Every process that answers somebody, one after the other."""
    processes = enumerate((*SERVES, *GATEWAYS))
    return [Fault(rounded(at + 6 * place), Kind.DRAIN, (process,)) for place, process in processes]


def _deck(nodes: int) -> list[Card]:
    """What befalls a broker of three nodes has a lane of its own."""
    partition, targets = partial(_partition, nodes), (*SERVES, *RELAYS, *GATEWAYS, DATABASE)
    everywhere = [*[_database_ends] * 3, *[partition] * 2, _clock]
    if nodes > 1:
        return [*everywhere, *[partial(_pause, targets)] * 2]
    alarms = (broker_plan.memory_alarm, broker_plan.disk_alarm)
    alone = [*[broker_plan.ends] * 3, *(partial(_alarm, alarm) for alarm in alarms)]
    return [*everywhere, *alone, *[partial(_pause, (*targets, BROKER))] * 2]


def _alarm(alarm: Callable[[str, float], list[Fault]], _dice: random.Random, at: float) -> list[Fault]:
    return alarm(BROKER, at)


_WIRE_LASTS = {
    Kind.DELAY: (4.0, 12.0),
    Kind.RESET: (0.5, 2.0),
    Kind.HALF_OPEN: (3.0, 25.0),
    Kind.LOST_ANSWER: (0.5, 3.0),
}
