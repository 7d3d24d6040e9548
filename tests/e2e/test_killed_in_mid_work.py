"""Each process is ended in mid-work, by SIGTERM and by SIGKILL: nothing is lost and nothing is done twice."""

import pytest

from cli.compose import read_processes

PROCESSES = tuple(read_processes().keys() - {"migrate"})


@pytest.mark.timeout(600)
@pytest.mark.parametrize("how", ["stop", "kill"])
def test_ending_each_process_in_mid_work_loses_nothing_and_repeats_nothing(desk, load, how):
    """`stop` is SIGTERM, `kill` SIGKILL. Judged by tests/checker.py over all four databases.

    Visits go on all the time; a client that hears nothing asks again with its key. Seen red by (`stop`): a relay that
    begins behind the newest row when it starts, in place of scanning what is unpublished.
    """
    with load.running() as working:
        for name in sorted(PROCESSES):
            desk.wait_until(working.more(2))
            getattr(desk.system, how)(name)
            desk.system.start(name)
        desk.wait_until(working.more(2))
    assert working.faults == []
    desk.settle(180)
    assert desk.checker.faults() == []
    assert working.unaccounted() == []
