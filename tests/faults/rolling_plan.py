"""A release that is brought in while everything else goes on being broken: its schema, its processes, and back.

Scheduling's schema is expanded; half of the processes go forth to the next release; the halves change places, so that
each process has been both and one of a kind is mostly the other release; all go forth; the schema is contracted. The
slice ends on the next release: what is judged is then what that one has left, by this release's checker and handlers.
"""

import random
from collections.abc import Iterable, Iterator
from itertools import chain

from fault import MIGRATIONS, Fault, Kind, rounded
from map_of_system import DATABASE, PROCESSES, TWINS

# Of four slices in a row: one whose broker has one node, one whose broker has three.
SLICES = (1, 2)
# Parts of the load at which each step begins; the longest, of all processes, takes sixteen sixtieths of it.
_EXPAND, _HALF, _CHANGE, _ALL, _CONTRACT = 0.05, 0.16, 0.42, 0.74, 0.92
_LONGEST_STRIDE_S = 6.0
# The first try of a migration is open for so long, and PostgreSQL ends in its midst.
HELD_S, _ENDS_S = 4.0, 2.0
# Both of a kind are never restarted next to each other.
_ORDER = (*(name for name in PROCESSES if name not in TWINS), *TWINS)


def lane(dice: random.Random, load_s: float) -> list[Fault]:
    """In their order. Processes that have to wait for a migration, or a migration for them, do so (timeline)."""
    half = set(dice.sample(PROCESSES, len(PROCESSES) // 2))
    others = set(PROCESSES) - half
    steps = (
        _migration(Kind.EXPAND, dice, _EXPAND * load_s),
        _roll(dice, _HALF, load_s, forth=half),
        _roll(dice, _CHANGE, load_s, forth=others, back=half),
        _roll(dice, _ALL, load_s, forth=half),
        _migration(Kind.CONTRACT, dice, _CONTRACT * load_s),
    )
    return list(chain.from_iterable(steps))


def between_migrations(faults: Iterable[Fault]) -> tuple[float, float]:
    """When other faults of a whole server may begin, and when they have to be over."""
    expand, contract = (fault for fault in faults if fault.kind in MIGRATIONS)
    return expand.at + _ENDS_S + HELD_S, contract.at - HELD_S


def _migration(kind: Kind, dice: random.Random, at: float) -> Iterator[Fault]:
    yield Fault(rounded(at), kind, ("scheduling",), amount=HELD_S)
    yield Fault(rounded(at + _ENDS_S), Kind.KILL, (DATABASE,), rounded(dice.uniform(0, 3)))


def _roll(
    dice: random.Random, part: float, load_s: float, forth: set[str], back: Iterable[str] = frozenset()
) -> Iterator[Fault]:
    """One after the other, all others at work."""
    at, stride = load_s * part, min(_LONGEST_STRIDE_S, load_s / 60)
    for name in _ORDER:
        if name in forth or name in back:
            yield Fault(rounded(at), Kind.FORTH if name in forth else Kind.BACK, (name,))
            at += stride * dice.uniform(0.8, 1.0)
