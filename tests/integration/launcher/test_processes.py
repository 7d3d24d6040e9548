"""Every process of docker-compose.yml, as it is started here."""

import importlib.util
import signal
import sys
import time

import psutil

from cli.compose import read_processes
from cli.instance import ROOT
from cli.servers.ports import free_ports
from cli.servers.process import start_child, wait_until


def test_every_command_is_a_module_that_exists():
    for process in read_processes().values():
        python, flag, module, *_ = process.command
        assert (python, flag) == ("python", "-m")
        assert importlib.util.find_spec(module) is not None, f"{process.name} runs {module}"


IDLE = """
import eventlet
eventlet.monkey_patch()
import sys
from shared.processes.gateway import serve_wsgi
sys.exit(serve_wsgi(lambda environ, start: [], "127.0.0.1:{port}"))
"""


def test_a_gateway_that_nobody_asks_ends_when_it_is_told_to(tmp_path):
    """seen red by: waiting for the event alone, in which the hub sleeps and sees no signal."""
    port, log = free_ports(1)[0], tmp_path / "log"
    child = start_child([sys.executable, "-W", "ignore", "-c", IDLE.format(port=port)], log, directory=ROOT)
    wait_until(lambda: "serving" in log.read_text() and is_idle(child.pid), 20, child, "the gateway", log)
    child.send_signal(signal.SIGTERM)
    try:
        assert child.wait(10) == 0
    finally:
        child.kill()


def is_idle(pid: int) -> bool:
    """Whether the process took no processor time (ticks of 10 ms) for half a second."""
    before = psutil.Process(pid).cpu_times()
    time.sleep(0.5)
    return psutil.Process(pid).cpu_times() == before
