"""`frontdesk run`: the whole system, until Ctrl-C."""

import signal
import time
from types import FrameType

import typer
from rich.console import Console

from cli.first_morning import LOGINS, is_empty, play_first_morning
from cli.instance import Instance
from cli.operator import directory
from cli.places import given_by_caller, has_broker, has_database
from cli.seeding import ELM, HARBOR
from cli.servers.packages import POSTGRESQL, RABBITMQ, ensure_servers
from cli.servers.process import ServerFailed
from cli.system import System
from shared.config import is_simulated


def run(context: typer.Context) -> None:
    """Start everything, print the address, and stay until Ctrl-C. Data is kept for the next start."""
    instance: Instance = context.obj
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    began = time.monotonic()
    try:
        ensure_servers(but=_run_by_others())
        with System(instance, say=typer.echo) as system:
            _open_the_doors(system)
            typer.echo(f"\nfrontdesk runs after {time.monotonic() - began:.1f} s; Ctrl-C stops it")
            _look_after(system)
    except ServerFailed as failed:
        typer.echo(f"frontdesk: {failed}", err=True)
        raise typer.Exit(1) from failed
    typer.echo("stopped; its data is kept")


def _run_by_others() -> list[str]:
    given = given_by_caller()
    return [*([POSTGRESQL] if has_database(given) else []), *([RABBITMQ] if has_broker(given) else [])]


def _open_the_doors(system: System) -> None:
    """Plays a morning where the book is empty, then says where to go and how to get in."""
    system.instance.put_settings_into_environment()
    if is_simulated() and is_empty():
        play_first_morning(system.gateway_url, system.instance, Console(highlight=False))
    typer.echo(f"\n  day page   {system.gateway_url}/day\n  API        {system.gateway_url}/docs")
    typer.echo(f"  networks   {', '.join(plan.name for plan in (ELM, HARBOR) if directory().knows(plan.network_id))}")
    for login, password in system.instance.read(LOGINS).items():
        if login.startswith("secretary"):
            typer.echo(f"  sign in    {login}  {password}")


def _look_after(system: System) -> None:
    try:
        while True:
            system.supervisor.look_after()
            time.sleep(0.25)
    except KeyboardInterrupt:
        typer.echo("stopping: work that has begun is finished first")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
