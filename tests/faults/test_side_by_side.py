"""Two releases side by side: rolling restarts to the next one and back, over an expanded schema, desks at work."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import workload
from fix_desk import Desk, desk_of
from fix_system import RunningSystem, running_system
from history import History
from map_of_system import GATEWAYS, PROCESSES, SERVICES, TWINS, kind_of
from next_release import NextRelease, this_release

# It takes a whole system two minutes.
ALL = os.environ.get("FRONTDESK_TEST_FAULTS") == "all"
# Nobody was there, or says that nothing was done: both are asked again, at the other gateway.
RETRIED = {"0", "503", "unavailable"}
VISITS = 15
FIRST_HALF = tuple(name for name in PROCESSES if name not in TWINS)


@pytest.fixture
def two_of_each() -> Iterator[Desk]:
    """A desk on a system with two of each service, of the gateway and of the relay, all of this release."""
    with running_system({}) as system, system.as_environment():
        for twin in TWINS:
            system.add_another(kind_of(twin), twin)
        system.roll([twin for twin in TWINS if twin not in GATEWAYS])
        for gateway in GATEWAYS:
            system.roll([gateway], **{f"FRONTDESK_{one.upper()}_URL": _both(system, one) for one in SERVICES})
        yield desk_of(system)


@pytest.mark.skipif(not ALL, reason="one of those that `frontdesk faults` runs")
@pytest.mark.timeout(600)
def test_two_releases_work_side_by_side_over_an_expanded_schema(
    two_of_each: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forth, back and forth again, then the old column goes; each half of the processes is restarted at once.

    No desk is refused without a reason, what is asked again found nobody or 503; nothing is parked, lost or repeated.
    Seen red by: readers that refuse fields that they do not know.
    """
    monkeypatch.setattr(workload, "PAIRS", 3)
    monkeypatch.setattr(workload, "ATTEMPTS_PER_S", 6.0)
    desk, system, history = two_of_each, two_of_each.system, History(tmp_path / "history.jsonl")
    desks = workload.Workload(desk, [f"http://{system.address(one)}" for one in GATEWAYS], history, "side by side")
    following = NextRelease(tmp_path / "next")
    database = system.admin_url("scheduling")
    history.start()
    desks.start()
    following.expand(database)
    for half, settings in (
        (FIRST_HALF, following.settings()),
        (FIRST_HALF, this_release()),
        (TWINS, following.settings()),
        (FIRST_HALF, following.settings()),
    ):
        _work_on(desks, desk, history)
        system.roll(half, **settings)
    _work_on(desks, desk, history)
    assert _columns_unlike(desk) == 0
    following.contract(database)
    _work_on(desks, desk, history)
    desks.stop()
    desk.wait_until(lambda: not desks.is_working, 120)
    history.close()
    assert desks.faults == []
    assert set(_unknown(tmp_path / "history.jsonl")) <= RETRIED
    desk.settle(120)
    # A reader that is too strict would park what its successor takes later: also what was settled counts.
    assert [row for one in SERVICES for row in desk.rows(one, "SELECT consumer, reason FROM parked_events")] == []
    assert desk.checker.faults() == []
    assert desks.differences() == ([], [])
    assert {row["channel"] for row in desk.rows("scheduling", _CHANNELS)} == {None, "desk"}


def _work_on(desks: workload.Workload, desk: Desk, history: History) -> None:
    """Until some more is booked."""
    goal = history.counts()["booked"] + VISITS
    desk.wait_until(lambda: history.counts()["booked"] >= goal or desks.faults, 120)
    assert desks.faults == []


def _unknown(file: Path) -> Counter[str]:
    """Why something had to be asked for again."""
    notes = map(json.loads, file.read_text("utf-8").splitlines())
    return Counter(note["why"] for note in notes if note["state"] == "unknown")


def _columns_unlike(desk: Desk) -> int:
    statement = "SELECT count(*) AS n FROM texts WHERE settled_at IS DISTINCT FROM told_at"
    return int(desk.rows("scheduling", statement)[0]["n"])


def _both(system: RunningSystem, service: str) -> str:
    return " ".join(f"http://{system.address(one)}" for one in (service, f"{service}-b"))


_CHANNELS = "SELECT DISTINCT data ->> 'channel' AS channel FROM outbox WHERE aggregate_type = 'appointment'"
