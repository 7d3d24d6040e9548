"""What a healed and quiet system is judged by; every list is empty, or the run is red."""

from collections.abc import Iterator
from itertools import chain
from math import inf

from checker import Checker
from fix_desk import Desk
from history import History
from map_of_system import BROKER
from plan import PARTITIONS, Fault, Kind
from poison import Poison
from rebuilding import unlike_when_rebuilt
from recoveries import PROCESS_S, Happened, bound_of
from workload import Workload

QUIET_S = 180.0
# A time without the broker is long enough to see bookings in it.
_LONG_S = 4.0
_WITHOUT_BROKER = (Kind.KILL, Kind.PAUSE, Kind.MEMORY_ALARM, Kind.DISK_ALARM)
# Beside one of these no bound holds for another fault.
_GREAT = (Kind.PAUSE, *PARTITIONS)

Verdict = dict[str, list[str]]


def judge(
    desk: Desk, workload: Workload, poison: Poison, happened: list[Happened], history: History, seed: int
) -> Verdict:
    """Sentences by what they are about. Waits until all is quiet; `seed` orders the events that copies are made of."""
    unquiet = list(chain(_not_parked(desk, poison), _not_quiet(desk)))
    checked = Checker(desk.system.admin_url, poison.given).faults()
    overlaps = [one for one in checked if "two bookings at one time" in one]
    lost, unexpected = workload.acknowledged.differences(desk.rows)
    return {
        "lost": lost,
        "repeated": unexpected,
        "overlaps": overlaps,
        "unexplained_parked": [f"{consumer} {event_id}" for consumer, event_id in poison.parked() - poison.given],
        "not_quiet": unquiet,
        "inconsistent": [one for one in checked if one not in overlaps],
        "rebuilt_unlike": unlike_when_rebuilt(desk, seed),
        "desks": workload.faults,
        "no_bookings": list(_without_bookings(happened, history)),
        "never_ready": [_named(one) for one in happened if one.recovered_s == inf],
        "over_bound": list(_over_bound(happened)),
    }


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
    away = fault.targets == (BROKER,) and fault.kind in _WITHOUT_BROKER
    return away or (fault.kind in PARTITIONS and all(edge.endswith(f">{BROKER}") for edge in fault.targets))


def _over_bound(happened: list[Happened]) -> Iterator[str]:
    for one in happened:
        bound = bound_of(one.fault)
        if bound is not None and one.recovered_s is not None and one.recovered_s > bound and is_alone(one, happened):
            yield f"{_named(one)} took {one.recovered_s:.1f} s; {bound:.0f} s are promised"


def is_alone(one: Happened, happened: list[Happened]) -> bool:
    """Whether no fault of a server, nor one that takes long, fell into the same time."""
    others = [other for other in happened if other is not one and _is_great(other)]
    return not any(other.begun <= one.until and one.begun <= other.until for other in others)


def _is_great(other: Happened) -> bool:
    return other.fault.kind in _GREAT or (other.fault.kind is Kind.KILL and bound_of(other.fault) != PROCESS_S)


def _named(one: Happened) -> str:
    names = ", ".join(one.fault.targets[:2]) + (" ..." if len(one.fault.targets) > 2 else "")
    return f"{one.fault.kind} of {names} at {one.begun:.0f} s"
