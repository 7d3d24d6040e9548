"""`frontdesk run`: the whole system, until Ctrl-C."""

import signal
import time
from types import FrameType

import typer

from cli.instance import Instance
from cli.servers.packages import ensure_servers
from cli.servers.process import ServerFailed
from cli.system import System


def run(context: typer.Context) -> None:
    """Start everything, print the address, and stay until Ctrl-C. Data is kept for the next start."""
    instance: Instance = context.obj
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    began = time.monotonic()
    try:
        ensure_servers()
        with System(instance, say=typer.echo) as system:
            typer.echo(
                f"frontdesk runs at {system.gateway_url} after {time.monotonic() - began:.1f} s; Ctrl-C stops it"
            )
            _look_after(system)
    except ServerFailed as failed:
        typer.echo(f"frontdesk: {failed}", err=True)
        raise typer.Exit(1) from failed
    typer.echo("stopped; its data is kept")


def _look_after(system: System) -> None:
    try:
        while True:
            system.supervisor.look_after()
            time.sleep(0.25)
    except KeyboardInterrupt:
        typer.echo("stopping: work that has begun is finished first")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
