"""What a healed and quiet system is judged by; every list is empty, or the run is red."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain
from math import inf

from checker import Checker
from fault import ALARMS, APART, PARTITIONS, RESTARTS, Fault, Kind
from fix_desk import Desk
from held import Window, taken_while_held
from history import History
from map_of_system import BROKER, BROKERS, NODES, RELAYS
from poison import Poison
from publishing_stops import longest_stop
from rebuilding import unlike_when_rebuilt
from recoveries import DRAIN_S, PROCESS_S, Happened, bound_of, takes_the_broker_away
from workload import Workload

QUIET_S = 180.0
# A time without the broker is long enough to see bookings in it.
_LONG_S = 4.0
_CLOCK_S = 3.0
# Beside one of these no bound holds for another fault.
_GREAT = (Kind.PAUSE, *PARTITIONS, *APART)
# When one of three nodes ends, publishing stops for so long at most; looked for in so long a time.
PUBLISH_STOP_S, _LOOKED_AT_S = 10.0, 30.0

Verdict = dict[str, list[str]]


def judge(
    desk: Desk,
    workload: Workload,
    poison: Poison,
    happened: list[Happened],
    history: History,
    seed: int,
    say: Callable[[str], None],
) -> Verdict:
    """Sentences by what they are about. Waits until all is quiet; `seed` orders the events that copies are made of."""
    unquiet = list(chain(_not_parked(desk, poison), _not_quiet(desk)))
    say("all is quiet")
    checked = Checker(desk.system.admin_url, poison.given).faults()
    overlapping = [one for one in checked if "two bookings at one time" in one]
    lost, repeated = workload.differences()
    held = taken_while_held(history.operations, _clock_was_set(happened))
    say("databases are compared")
    free_time = wrong_free_time(desk)
    say("free time is computed")
    unlike = unlike_when_rebuilt(desk, seed)
    say("copies are made anew")
    return {
        "lost": lost,
        "repeated": repeated,
        "overlaps": [*overlapping, *held],
        "unexplained_parked": [f"{consumer} {event_id}" for consumer, event_id in poison.parked() - poison.given],
        "not_quiet": unquiet,
        "inconsistent": [*(one for one in checked if one not in overlapping), *free_time],
        "rebuilt_unlike": unlike,
        "desks": workload.faults,
        "no_bookings": list(_without_bookings(happened, history)),
        "never_ready": [_named(one) for one in happened if one.recovered_s == inf],
        "over_bound": [*_over_bound(happened), *_not_drained(happened), *_publishing_stopped(desk, happened, history)],
    }


def wrong_free_time(desk: Desk) -> list[str]:
    """What `frontdesk free-time check` finds: every row against a slow, plain computation."""
    found = desk.command("free-time", "check")
    return [] if found.returncode == 0 else [f"free time: {found.stdout}{found.stderr}"[:2000]]


def _clock_was_set(happened: list[Happened]) -> list[Window]:
    """When, with some seconds around, since every process reads it by itself."""
    steps = (one for one in happened if one.fault.kind is Kind.CLOCK)
    return [(one.begun - _CLOCK_S, (inf if one.ended is None else one.ended) + _CLOCK_S) for one in steps]


def _not_parked(desk: Desk, poison: Poison) -> Iterator[str]:
    try:
        desk.wait_until(lambda: poison.parked() == poison.given, QUIET_S)
    except AssertionError:
        parked = poison.parked()
        yield f"parked but no poison: {len(parked - poison.given)}; poison but not parked: {len(poison.given - parked)}"


def _not_quiet(desk: Desk) -> Iterator[str]:
    try:
        desk.settle(QUIET_S)
    except AssertionError as error:
        yield f"not quiet after {QUIET_S:.0f} s: {error}"


def _without_bookings(happened: list[Happened], history: History) -> Iterator[str]:
    """While the broker is down or in alarm, the desk goes on; other faults of that moment slow it at most."""
    for one in happened:
        if one.ended is None or not _is_without_broker(one.fault):
            continue
        if one.ended - one.begun > _LONG_S and not history.done_between("book", one.begun, one.ended):
            yield f"nothing was booked during {_named(one)}"


def _is_without_broker(fault: Fault) -> bool:
    away = takes_the_broker_away(fault) or fault.kind in ALARMS
    away = away or (fault.kind is Kind.PAUSE and fault.targets == (BROKER,))
    return away or (fault.kind in PARTITIONS and all(edge.partition(">")[2] in BROKERS for edge in fault.targets))


def _over_bound(happened: list[Happened]) -> Iterator[str]:
    for one in happened:
        bound = bound_of(one.fault)
        if bound is not None and one.recovered_s is not None and one.recovered_s > bound and is_alone(one, happened):
            yield f"{_named(one)} took {one.recovered_s:.1f} s; {bound:.0f} s are promised"


def _not_drained(happened: list[Happened]) -> Iterator[str]:
    """However much else is broken meanwhile."""
    for one in happened:
        if one.drained_s is not None and one.drained_s > DRAIN_S:
            what = f"what had waited was published in {one.drained_s:.0f} s; {DRAIN_S:.0f} s are promised"
            yield f"after {_named(one)} {what}"


def _publishing_stopped(desk: Desk, happened: list[Happened], history: History) -> Iterator[str]:
    """When one node of three ends, and neither a relay nor anything greater at that time."""
    for one in happened:
        if one.fault.kind is not Kind.KILL or len(one.fault.targets) > 1 or one.fault.targets[0] not in NODES:
            continue
        begin = history.started_at + timedelta(seconds=one.begun)
        one.stopped_s = round(longest_stop(desk, begin, _LOOKED_AT_S), 2)
        if one.stopped_s > PUBLISH_STOP_S and is_alone(one, happened) and not _relay_ended(one, happened):
            yield f"publishing stopped for {one.stopped_s:.1f} s at {_named(one)}; {PUBLISH_STOP_S:.0f} s are promised"


def _relay_ended(one: Happened, happened: list[Happened]) -> bool:
    ended = (other.begun for other in happened if set(other.fault.targets) & set(RELAYS))
    return any(one.begun - PROCESS_S < when < one.begun + _LOOKED_AT_S for when in ended)


def is_alone(one: Happened, happened: list[Happened]) -> bool:
    """Whether no fault of a server, nor one that takes long, nor a restart of its own, fell into the same time."""
    others = [other for other in happened if other is not one and (_is_great(other) or _restarts(other, one))]
    return not any(other.begun <= one.until and one.begun <= other.until for other in others)


def _is_great(other: Happened) -> bool:
    return other.fault.kind in _GREAT or (other.fault.kind is Kind.KILL and bound_of(other.fault) != PROCESS_S)


def _restarts(other: Happened, one: Happened) -> bool:
    return other.fault.kind in RESTARTS and other.fault.targets == one.fault.targets


def _named(one: Happened) -> str:
    names = ", ".join(one.fault.targets[:2]) + (" ..." if len(one.fault.targets) > 2 else "")
    return f"{one.fault.kind} of {names} at {one.begun:.0f} s"
