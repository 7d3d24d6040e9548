"""One thing that is broken, and the ways to break."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The ways to break something."""

    KILL = "kill"  # SIGKILL; a server, or two nodes at once, stays away for `lasts`
    DRAIN = "drain"  # SIGTERM, and started again: one step of a rolling restart
    EXPAND = "expand"  # scheduling's schema, for the next release too; committed after `amount` seconds, the first time
    FORTH = "forth"  # SIGTERM, and started again as the next release: one step on the way there
    BACK = "back"  # the same, as this release again
    CONTRACT = "contract"  # what only this release needed of the schema goes; committed like EXPAND
    PAUSE = "pause"  # SIGSTOP for `lasts`
    MEMORY_ALARM = "memory-alarm"  # the broker takes nothing that is published
    DISK_ALARM = "disk-alarm"
    CLOCK = "clock"  # business time is `amount` seconds off for `lasts`
    PARTITION_REFUSED = "partition-refused"  # the edges refuse, and open connections are reset
    PARTITION_SILENT = "partition-silent"  # nothing comes through either way, and nobody is told
    ISOLATED = "isolated"  # a node that nobody reaches and that reaches nobody
    HALVES = "halves"  # one node against two
    ONE_WAY = "one-way"  # what one node sends to one other does not arrive
    DELAY = "delay"  # whatever is sent arrives `amount` seconds later
    RESET = "reset"  # connections end in the middle of what is sent
    HALF_OPEN = "half-open"  # one edge is silent
    LOST_ANSWER = "lost-answer"  # what is asked arrives, the answer does not
    POISON = "poison"  # an event that nobody can read
    WEATHER = "weather"  # the carrier misbehaves on a share of the texts: `amount`, 0 to 1


PARTITIONS = (Kind.PARTITION_REFUSED, Kind.PARTITION_SILENT)
APART = (Kind.ISOLATED, Kind.HALVES, Kind.ONE_WAY)
ALARMS = (Kind.MEMORY_ALARM, Kind.DISK_ALARM)
RESTARTS = (Kind.DRAIN, Kind.FORTH, Kind.BACK)
MIGRATIONS = (Kind.EXPAND, Kind.CONTRACT)
WIRE = (Kind.DELAY, Kind.RESET, Kind.HALF_OPEN, Kind.LOST_ANSWER)


@dataclass(frozen=True)
class Fault:
    """Breaks `targets` (processes, servers, edges, or links between nodes) `at` seconds after the load began."""

    at: float
    kind: Kind
    targets: tuple[str, ...]
    lasts: float = 0.0
    amount: float = 0.0

    @property
    def until(self) -> float:
        return self.at + self.lasts

    @property
    def places(self) -> frozenset[str]:
        """The targets, and of a link between nodes both of them; an edge, cut by the proxy, is nobody's own."""
        if self.kind not in APART:
            return frozenset(self.targets)
        return frozenset(place for target in self.targets for place in target.split(">"))


def rounded(seconds: float) -> float:
    return round(seconds, 2)
