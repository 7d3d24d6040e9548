"""The supervisor, with a process that is small but real: it answers /readyz, and dies when it is told to."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from cli.compose import Process
from cli.instance import Instance
from cli.servers.ports import free_ports
from cli.servers.process import ServerFailed
from cli.supervisor import HOPELESS, STEADY_SECONDS, Supervisor

SMALL = """
import http.server, os
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
host, port = os.environ["FRONTDESK_ADDRESS"].split(":")
print("listening", flush=True)
http.server.HTTPServer((host, int(port)), Ready).serve_forever()
"""


@pytest.fixture
def supervisor(tmp_path) -> Iterator[Supervisor]:
    made = Supervisor(Instance(tmp_path), say=lambda _line: None)
    yield made
    made.stop()


def add(supervisor: Supervisor, program: str = SMALL) -> None:
    settings = {"FRONTDESK_ADDRESS": f"127.0.0.1:{free_ports(1)[0]}"}
    supervisor.add(Process("small", ("python", "-c", program), {}), settings)
    supervisor.start("small")


def test_a_process_that_crashes_is_started_again(supervisor):
    """seen red by: look_after that does not start what it planned to start."""
    add(supervisor)
    supervisor.wait_ready(within=20)
    first = supervisor.watched["small"].pid
    os.kill(first, signal.SIGKILL)
    until(supervisor, lambda: supervisor.watched["small"].restarts == 1)
    supervisor.wait_ready(within=20)
    assert supervisor.watched["small"].pid not in (None, first)


def test_a_process_that_had_stood_is_started_again_at_once_and_one_that_keeps_ending_is_not(supervisor):
    """seen red by: the same pause for both; none for both."""
    add(supervisor)
    supervisor.wait_ready(within=20)
    small = supervisor.watched["small"]
    small.started_at -= STEADY_SECONDS + 1
    for restarts in (1, 1):
        os.kill(small.pid, signal.SIGKILL)
        small.child.wait()
        supervisor.look_after()
        assert small.restarts == restarts
    assert small.start_again_at > time.monotonic()


def test_a_process_that_was_stopped_stays_stopped(supervisor):
    """seen red by: stop that keeps the child in care."""
    add(supervisor)
    supervisor.wait_ready(within=20)
    pid = supervisor.watched["small"].pid
    supervisor.stop(["small"])
    supervisor.look_after()
    assert supervisor.watched["small"].start_again_at is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_process_that_never_comes_up_is_given_up_with_its_last_words(supervisor):
    add(supervisor, "raise SystemExit('the reason')")
    with pytest.raises(ServerFailed, match="the reason"):
        supervisor.wait_ready(within=20)


def test_what_ended_often_and_is_stopped_and_started_on_purpose_gets_all_its_tries_again(supervisor):
    """seen red by: stop that leaves the count of failures as it was."""
    add(supervisor)
    supervisor.wait_ready(within=20)
    for restarts in range(1, HOPELESS + 1):
        os.kill(supervisor.watched["small"].pid, signal.SIGKILL)
        until(supervisor, lambda restarts=restarts: supervisor.watched["small"].restarts == restarts)
    supervisor.stop(["small"])
    supervisor.start("small")
    supervisor.wait_ready(within=20)


def test_the_output_of_a_process_is_its_log(supervisor):
    add(supervisor)
    supervisor.wait_ready(within=20)
    assert supervisor.log("small").read_text().startswith("listening\n")


def until(supervisor: Supervisor, true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        supervisor.look_after()
        time.sleep(0.02)
