"""A green process: a name that takes long to resolve stops nobody, and what no process needs is not loaded."""

import subprocess
import sys

from cli.instance import ROOT

SLOW_NAMES = """
import ctypes, socket
truly = socket.getaddrinfo
asked = []
def slow(host, *rest, **more):
    asked.append(host)
    if host == "slow.example":
        ctypes.CDLL(None).usleep(800_000)  # blocks whoever calls it, as a resolver does
    return truly("127.0.0.1", *rest, **more)
socket.getaddrinfo = slow

from shared.green import leave_out_what_no_process_needs, make_green
leave_out_what_no_process_needs()
make_green()
import eventlet

ticks = []
def tick():
    while True:
        ticks.append(1)
        eventlet.sleep(0.01)
eventlet.spawn(tick)
found = socket.getaddrinfo("slow.example", 80, type=socket.SOCK_STREAM)
assert found[0][4] == ("127.0.0.1", 80), found
assert "slow.example" in asked
print("ticks", len(ticks))
"""

LIGHT = """
import shared.run, shared.green, sys
shared.green.leave_out_what_no_process_needs()
shared.green.make_green()
import shared.processes.serve, shared.logs
shared.processes.serve.service_class("scheduling")
print("loaded", sorted({"rich.console", "dns", "dns.resolver"} & set(sys.modules)))
"""


def said(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_name_that_takes_long_to_resolve_lets_others_go_on() -> None:
    """Seen red by: asking for the name in the process's own thread."""
    word, ticks = said(SLOW_NAMES).split()
    assert word == "ticks"
    assert int(ticks) > 5


def test_a_service_loads_neither_what_draws_nor_another_resolver() -> None:
    """Seen red by: a bare monkey_patch."""
    assert said(LIGHT) == "loaded []\n"
