"""`frontdesk test`: the whole suite, on servers of its own that leave nothing behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import typer

from cli.instance import ROOT
from cli.proofs import RECORD
from cli.servers.packages import ensure_servers
from cli.servers.process import ServerFailed
from cli.servers.throw_away import ThrowAwayServers

PASSES_ARGUMENTS_ON: dict[str, Any] = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}
# Two workers, each with systems of its own: much of the suite is waiting for one process to see what another did.
# In the order of tests/conftest.py, which begins with what takes longest.
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")


def test(context: typer.Context) -> None:
    """Run the tests (arguments go to pytest). Beside a running system if need be."""
    try:
        ensure_servers("chromium", "docker-compose")
    except ServerFailed as failed:
        typer.echo(f"frontdesk: {failed}; tests that need them are skipped", err=True)
    with ThrowAwayServers() as servers:
        raise typer.Exit(run_pytest(context.args, server_settings(servers)))


def server_settings(servers: ThrowAwayServers) -> dict[str, str]:
    """What tells all test processes where the shared servers are; empty where there are none."""
    try:
        broker = servers.starting_rabbitmq
        postgres = servers.postgres.admin_url
        broker.wait_ready()
    except ServerFailed:
        return {}
    return {
        "FRONTDESK_TEST_POSTGRES_URL": postgres,
        "FRONTDESK_TEST_AMQP_URL": broker.amqp_url,
        "FRONTDESK_TEST_RABBITMQ_API_URL": broker.api_url,
    }


def run_pytest(arguments: list[str], settings: Mapping[str, str]) -> int:
    """Pytest's exit status. Only a run of everything leaves a record for `frontdesk requirements`."""
    whole = [] if arguments else [f"--requirements-record={RECORD}", *SIDE_BY_SIDE]
    return run_beside([sys.executable, "-m", "pytest", *whole, *arguments], settings)


def run_beside(command: list[str], settings: Mapping[str, str]) -> int:
    """The status of a command that has none of our caller's FRONTDESK_ settings, and ends as we are told to end."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("FRONTDESK_")}
    child = subprocess.Popen(command, cwd=ROOT, env={**ours, **settings}, stdin=subprocess.DEVNULL)
    previous = signal.signal(signal.SIGTERM, lambda *_: child.send_signal(signal.SIGINT))
    try:
        return _wait(child)
    finally:
        signal.signal(signal.SIGTERM, previous)


def _wait(child: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # the terminal has told pytest too: it ends by itself
