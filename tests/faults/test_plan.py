"""The plan of a random run: the same for the same seed, and enough of everything in a full one."""

from collections import Counter
from itertools import pairwise

import pytest
from map_of_system import BROKER, DATABASE, EDGES, PROCESSES
from plan import PARTITIONS, WIRE, Fault, Kind, slices_of

SEEDS = (1, 7, 2026)


def faults(seed: int) -> list[Fault]:
    return [fault for part in slices_of(seed) for fault in part.faults]


def test_the_same_seed_is_the_same_plan_and_another_seed_is_another() -> None:
    """Seen red by: dice that are not seeded by the slice's number."""
    assert slices_of(7) == slices_of(7)
    assert [part.digest for part in slices_of(7)] == [part.digest for part in slices_of(7)]
    assert slices_of(7) != slices_of(8)
    assert len({part.digest for part in slices_of(7)}) == len(slices_of(7))


def test_one_slice_of_many_is_planned_as_in_the_whole_run() -> None:
    assert slices_of(7, 55, 7)[2] == slices_of(7)[2]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_full_run_kills_two_hundred_times_and_everything_that_runs(seed: int) -> None:
    """Seen red by: a process every 20 seconds."""
    killed = Counter(fault.targets[0] for fault in faults(seed) if fault.kind is Kind.KILL)
    assert killed.total() >= 200
    assert killed.keys() == {*PROCESSES, BROKER, DATABASE}
    assert min(killed[BROKER], killed[DATABASE]) >= 10
    assert min(killed[name] for name in PROCESSES) >= 7


@pytest.mark.parametrize("seed", SEEDS)
def test_a_full_run_has_faults_of_every_kind(seed: int) -> None:
    counted = Counter(fault.kind for fault in faults(seed))
    assert counted.keys() == set(Kind)
    assert sum(counted[kind] for kind in WIRE) >= 40
    assert counted[Kind.POISON] >= 50
    assert sum(counted[kind] for kind in PARTITIONS) >= 5
    assert any(fault.kind is Kind.PAUSE and fault.lasts >= 50 for fault in faults(seed))
    assert any(part.begins_at for part in slices_of(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_befalls_a_whole_server_has_ended_before_the_next_begins(seed: int) -> None:
    """Seen red by: the next one at the same moment."""
    for part in slices_of(seed):
        great = [one for one in part.faults if one.kind not in (*WIRE, Kind.POISON) and one.targets[0] not in PROCESSES]
        great = [one for one in great if one.kind is not Kind.DRAIN]
        for before, after in pairwise(great):
            assert after.at > before.until + 5


@pytest.mark.parametrize("seed", SEEDS)
def test_wires_are_cut_where_there_are_edges(seed: int) -> None:
    cut = (*WIRE, *PARTITIONS)
    named = {target for fault in faults(seed) if fault.kind in cut for target in fault.targets}
    assert named <= set(map(str, EDGES))


def test_a_short_run_is_one_slice_that_has_begun_and_ended_in_time() -> None:
    (part,) = slices_of(3, 4)
    assert part.load_s == 130
    assert all(fault.at <= part.load_s for fault in part.faults)
