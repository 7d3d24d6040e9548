"""The plan of a random run: the same for the same seed, and enough of everything in a full one."""

from collections import Counter
from itertools import pairwise

import pytest
from fault import APART, MIGRATIONS, PARTITIONS, RESTARTS, WIRE, Fault, Kind
from map_of_system import BROKER, DATABASE, NODES, PROCESSES, brokers, edges, kind_of
from plan import Slice, slices_of
from workload import ATTEMPTS_PER_S

SEEDS = (1, 7, 2026)


def faults(seed: int) -> list[Fault]:
    return [fault for part in slices_of(seed) for fault in part.faults]


def broker_lane(part: Slice) -> list[Fault]:
    """What befalls the broker itself."""
    known = {*brokers(part.nodes)}
    return [one for one in part.faults if one.places & known]


def test_the_same_seed_is_the_same_plan_and_another_seed_is_another() -> None:
    """Seen red by: dice that are not seeded by the slice's number."""
    assert slices_of(7) == slices_of(7)
    assert [part.digest for part in slices_of(7)] == [part.digest for part in slices_of(7)]
    assert slices_of(7) != slices_of(8)
    assert len({part.digest for part in slices_of(7)}) == len(slices_of(7))


def test_one_slice_of_many_is_planned_as_in_the_whole_run() -> None:
    assert slices_of(7, 55, 4)[2] == slices_of(7)[2]


def test_every_other_slice_has_a_broker_of_three_nodes_unless_it_is_said_otherwise() -> None:
    assert [part.nodes for part in slices_of(7)] == [1, 3, 1, 3]
    assert {part.nodes for part in slices_of(7, nodes=3)} == {3}
    one, three = slices_of(7, 8, nodes=1), slices_of(7, 8, nodes=3)
    assert one[0].digest != three[0].digest
    assert not any(fault.places & set(NODES) for part in slices_of(7)[::2] for fault in part.faults)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_full_run_kills_two_hundred_times_and_everything_that_runs(seed: int) -> None:
    """Seen red by: a process every 20 seconds."""
    killed = Counter(target for fault in faults(seed) if fault.kind is Kind.KILL for target in fault.targets)
    assert killed.total() >= 220
    assert killed.keys() == {*PROCESSES, BROKER, DATABASE, *NODES}
    assert killed[DATABASE] >= 15
    assert killed[BROKER] >= 6
    assert sum(killed[name] for name in NODES) >= 15
    assert min(killed[name] for name in PROCESSES) >= 7


@pytest.mark.parametrize("seed", SEEDS)
def test_a_full_run_has_faults_of_every_kind(seed: int) -> None:
    counted = Counter(fault.kind for fault in faults(seed))
    assert counted.keys() == set(Kind)
    assert sum(counted[kind] for kind in WIRE) >= 40
    assert counted[Kind.POISON] >= 60
    assert sum(counted[kind] for kind in PARTITIONS) >= 5
    assert min(counted[kind] for kind in APART) >= 2
    assert any(fault.kind is Kind.PAUSE and fault.lasts >= 50 for fault in faults(seed))
    assert any(fault.kind is Kind.KILL and len(fault.targets) == 2 for fault in faults(seed))
    assert len({part.begins_at for part in slices_of(seed)}) == 3


def test_a_full_run_has_fifty_thousand_attempts() -> None:
    """Seen red by: slices of eight minutes, of which two go to start and judgement."""
    assert sum(part.load_s for part in slices_of(7)) * ATTEMPTS_PER_S >= 52_000


@pytest.mark.parametrize("seed", SEEDS)
def test_what_befalls_a_whole_server_has_ended_before_the_next_begins(seed: int) -> None:
    """Seen red by: the next one at the same moment."""
    for part in slices_of(seed):
        lane = [
            one for one in part.faults if one.kind not in (*WIRE, *RESTARTS, *MIGRATIONS, Kind.POISON, Kind.WEATHER)
        ]
        great = [one for one in lane if one.targets[0] not in PROCESSES and not one.places & set(NODES)]
        for before, after in pairwise(great):
            assert after.at > before.until + 5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_node_ends_only_when_the_one_before_has_had_time_to_come_back(seed: int) -> None:
    """Seen red by: ten seconds between them."""
    for part in slices_of(seed)[1::2]:
        assert len(broker_lane(part)) >= 12
        for before, after in pairwise(broker_lane(part)):
            assert after.at > before.until + (20 if before.kind is Kind.KILL else 10)


@pytest.mark.parametrize("seed", SEEDS)
def test_wires_are_cut_where_there_are_edges(seed: int) -> None:
    for part in slices_of(seed):
        named = {target for fault in part.faults if fault.kind in (*WIRE, *PARTITIONS) for target in fault.targets}
        assert named <= set(map(str, edges(part.nodes)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_carrier_misbehaves_in_every_slice_now_and_then_and_is_well_at_its_end(seed: int) -> None:
    """Seen red by: spells without an end."""
    for part in slices_of(seed):
        spells = [one for one in part.faults if one.kind is Kind.WEATHER]
        assert len(spells) >= 8
        assert all(after.at > before.until + 10 for before, after in pairwise(spells))
        assert {one.amount for one in spells} == {0.2, 0.5, 1.0}


def test_the_next_release_is_brought_in_in_half_of_the_slices_with_one_broker_node_and_with_three() -> None:
    for count in (1, 2, 4):
        brought = [part.nodes for part in slices_of(7, count=count) if _restarts(part)]
        assert brought == [1, 3][:count]
    assert {one.kind for part in slices_of(7)[2:] for one in part.faults if one.kind in RESTARTS} == {Kind.DRAIN}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("minutes", [4, 55])
def test_all_processes_go_forth_half_of_them_twice_over_an_expanded_schema_that_is_contracted_last(
    seed: int, minutes: float
) -> None:
    """Seen red by: a half drawn anew for the last step, so that some stay behind; contracting before the last step."""
    for part in slices_of(seed, minutes)[:2]:
        expand, contract = (one for one in part.faults if one.kind in MIGRATIONS)
        restarts = _restarts(part)
        assert expand.kind is Kind.EXPAND
        assert expand.at < min(one.at for one in restarts) < max(one.at for one in restarts) < contract.at < part.load_s
        ways = Counter(tuple(one.kind for one in restarts if one.targets == (name,)) for name in PROCESSES)
        assert ways == {(Kind.FORTH,): 8, (Kind.FORTH, Kind.BACK, Kind.FORTH): 8}


@pytest.mark.parametrize("seed", SEEDS)
def test_both_of_a_kind_are_never_restarted_soon_after_each_other(seed: int) -> None:
    """Seen red by: restarts in the order of the map."""
    for part in slices_of(seed):
        for one, other in pairwise(_restarts(part)):
            assert kind_of(*one.targets) != kind_of(*other.targets)


@pytest.mark.parametrize("seed", SEEDS)
def test_postgresql_ends_in_the_midst_of_both_migrations_and_nothing_as_great_is_broken_then(seed: int) -> None:
    for part in slices_of(seed)[:2]:
        ends = [one.at for one in part.faults if one.kind is Kind.KILL and one.targets == (DATABASE,)]
        for migration in (one for one in part.faults if one.kind in MIGRATIONS):
            assert sum(migration.at < at < migration.at + migration.amount for at in ends) == 1


def _restarts(part: Slice) -> list[Fault]:
    """Into the next release, and back."""
    return [one for one in part.faults if one.kind in (Kind.FORTH, Kind.BACK)]


def test_a_short_run_is_one_slice_that_has_begun_and_ended_in_time() -> None:
    (part,) = slices_of(3, 4)
    assert part.load_s == 120
    assert all(fault.at <= part.load_s for fault in part.faults)
