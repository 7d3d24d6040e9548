"""Every kind of process: its health pages, and what a signal makes it do."""

import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from fix_calls import ROOT, until

GREEN = """
from shared.run import make_green
make_green()
import sys, time
from shared.processes.gateway import serve_wsgi
def slow(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    for part in range(4):
        time.sleep(0.3)
        yield b"part"
sys.exit(serve_wsgi(slow, sys.argv[1]))
"""
PLAIN = """
import sys, time
from shared.processes.plain import run_plain
def body(stopping):
    stopping.wait()
    time.sleep(1)
    return {answer}
sys.exit(run_plain("test", body))
"""


@contextmanager
def running(program: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    process = subprocess.Popen(
        [sys.executable, "-c", program, address],
        env={"PYTHONPATH": str(ROOT), "FRONTDESK_ADDRESS": address},
        stdout=subprocess.DEVNULL,
    )
    try:
        until(lambda: page(address, "/readyz")[0] == 200)
        yield process, address
    finally:
        process.kill()
        process.wait()


def page(address: str, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"http://{address}{path}", timeout=10) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


def test_the_gateway_finishes_the_answer_at_hand_and_takes_no_new_connection():
    """Seen red by: leaving at the signal without waiting for what runs; eventlet's default that holds streams back."""
    answers: list[tuple[int, bytes]] = []
    with running(GREEN) as (process, address):
        asking = threading.Thread(target=lambda: answers.append(page(address, "/")))
        with socket.create_connection(tuple(address.split(":"))) as probe:
            asking.start()
            probe.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert probe.recv(15) == b"HTTP/1.1 200 OK"
            process.send_signal(signal.SIGTERM)
            until(lambda: page(address, "/healthz")[0] == 0)
            asking.join()
        assert process.wait(10) == 0
    assert answers == [(200, b"part" * 4)]


@pytest.mark.parametrize(("answer", "status"), [("True", 0), ("None", 0), ("False", 1)])
def test_a_plain_process_finishes_what_it_does_and_says_whether_it_could(answer: str, status: int):
    with running(PLAIN.format(answer=answer)) as (process, address):
        process.send_signal(signal.SIGTERM)
        until(lambda: page(address, "/readyz")[0] == 503)
        assert page(address, "/healthz")[0] == 200
        assert process.wait(10) == status


@pytest.mark.parametrize("arguments", [[], ["serve"], ["serve", "a", "b"], ["gateway", "x"], ["relay"], ["dance"]])
def test_a_process_that_is_not_one_is_a_usage_error(arguments: list[str]):
    done = subprocess.run(
        [sys.executable, "-m", "shared.run", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.split()[0]) == (2, "usage:")
