"""Failpoints break a process where a test says so and are inert otherwise."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shared import failpoints

ROOT = Path(__file__).parents[2]
PASS_TWICE = (
    "from shared.failpoints import failpoint\n"
    "failpoint('uow.before-commit')\n"
    "print('once', flush=True)\n"
    "failpoint('uow.before-commit')\n"
    "print('twice', flush=True)\n"
)


def run(**environment):
    return subprocess.run(
        [sys.executable, "-c", PASS_TWICE], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_a_failpoint_is_inert_unless_the_process_was_started_for_it():
    """Seen red by: reading FAILPOINT without FRONTDESK_FAILPOINTS."""
    for environment in ({}, {"FRONTDESK_FAILPOINTS": "0"}, {"FRONTDESK_FAILPOINTS": "true"}):
        done = run(FAILPOINT="uow.before-commit:1:kill", **environment)
        assert (done.returncode, done.stdout) == (0, "once\ntwice\n")


def test_the_second_pass_kills_the_process_where_that_was_asked():
    done = run(FAILPOINT="uow.before-commit:2:kill", FRONTDESK_FAILPOINTS="1")
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "once\n")


@pytest.mark.parametrize(("action", "error"), [("raise", failpoints.FailpointRaised), ("reset", ConnectionResetError)])
def test_an_action_happens_on_its_pass_only(action, error):
    plan = failpoints._Plan(f"relay.after-publish:2:{action}")
    plan.hit("relay.after-publish")
    with pytest.raises(error):
        plan.hit("relay.after-publish")
    plan.hit("relay.after-publish")


def test_a_plan_that_is_written_later_holds_once(tmp_path):
    """Seen red by: acting without taking the file away; counting on where another plan had counted to."""
    file = tmp_path / "plan"
    plan = failpoints._plan_of({"FRONTDESK_FAILPOINTS": "1", "FAILPOINT_FILE": str(file)})
    for _ in range(3):
        plan.hit("uow.before-commit")
    file.write_text("uow.before-commit:2:raise")
    plan.hit("uow.before-commit")
    with pytest.raises(failpoints.FailpointRaised):
        plan.hit("uow.before-commit")
    assert not file.exists()
    plan.hit("uow.before-commit")
    file.write_text("uow.before-commit:1:reset")
    with pytest.raises(ConnectionResetError):
        plan.hit("uow.before-commit")


def test_a_plan_in_a_file_is_inert_too_unless_the_process_was_started_for_it(tmp_path):
    file = tmp_path / "plan"
    file.write_text("uow.before-commit:1:kill")
    assert not failpoints._plan_of({"FAILPOINT_FILE": str(file)})
    assert file.exists()


def test_a_place_that_does_not_exist_is_refused_at_start():
    for wrong in ("nowhere:1:kill", "relay.after-publish:0:kill", "relay.after-publish:1:explode"):
        with pytest.raises(ValueError):
            failpoints._Plan(wrong)


def test_the_list_names_the_places_of_the_code_and_no_others():
    """Seen red by: a name in the list that stands nowhere, a place that the list does not name."""
    sources = [path for part in ("shared", "services", "gateway", "cli") for path in (ROOT / part).rglob("*.py")]
    named = {name for path in sources for name in re.findall(r"failpoint\([\"'](.+?)[\"']\)", path.read_text())}
    assert named == failpoints.NAMES
