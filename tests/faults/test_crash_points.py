"""Every crash point, in every way, while desks are at work: nothing lost, nothing repeated, nothing taken twice."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from breaking_commands import break_commands
from checker import Checker
from crash_points import Case, Lane, each_case_once, every_case, run_lanes
from errand_load import ErrandLoad
from feed import unreadable_of_the_feed
from fix_desk import Desk, desk_of
from fix_load import Load
from fix_system import RunningSystem
from judging import wrong_free_time
from poison import Poison
from rebuilding import unlike_when_rebuilt

# All of the matrix is for `frontdesk faults`; each case once for every commit.
ALL = os.environ.get("FRONTDESK_TEST_FAULTS") == "all"


@pytest.fixture
def broken(system_with: Callable[[Mapping[str, str]], RunningSystem], tmp_path: Path) -> Desk:
    """A desk on a system whose processes break where a file of theirs says so."""
    system = system_with({"FRONTDESK_FAILPOINTS": "1", "FAILPOINT_STALL_S": "5"})
    for name in cases():
        system.restart(name, FAILPOINT_FILE=str(tmp_path / name))
    return desk_of(system)


@pytest.mark.timeout(1500)
def test_whatever_ends_or_errs_at_any_point_loses_nothing_and_repeats_nothing(broken: Desk, tmp_path: Path) -> None:
    """Judged by tests/checker.py over all databases, once everything is quiet; a client that hears nothing asks again.

    Exactly the poison is parked: what a crash left behind has been taken since. What was acknowledged is there, once,
    and nothing else is; the claim feed can be read whole; read copies made anew from the outboxes are the same, and so
    is free time.
    """
    poison, load = Poison(broken, broken.system.rabbitmq.amqp_url), Load(broken, broken.diary(lanes=100))
    errands = ErrandLoad(broken, load.history)

    def before(process: str, case: Case) -> None:
        if case.place == "handler.after-park":
            for _ in range(case.hit):
                poison.give(process)

    lanes = {
        name: Lane(name, chosen, tmp_path / name, broken.system.address(name), before)
        for name, chosen in cases().items()
    }
    break_commands(broken, tmp_path / "scheduling", errands.at)
    with load.running(), errands.running():
        run_lanes(lanes, broken.system.revive)
    assert [fault for lane in lanes.values() for fault in lane.faults] == []
    assert {name: lane.met for name, lane in lanes.items()} == cases()
    assert load.faults + errands.faults == []
    broken.wait_until(lambda: poison.parked() == poison.given, 120)
    broken.settle(180)
    assert Checker(broken.system.admin_url, poison.given).faults() == []
    assert load.unaccounted() == []
    assert wrong_free_time(broken) == []
    assert list(unreadable_of_the_feed(broken)) == []
    assert unlike_when_rebuilt(broken, seed=1) == []
    assert load.done > 20


def cases() -> dict[str, list[Case]]:
    return every_case() if ALL else each_case_once()
