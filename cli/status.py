"""`frontdesk status`: every process, server and address of an instance."""

from datetime import datetime, timedelta
from pathlib import Path

import typer
import urllib3

from cli.instance import Instance
from cli.probe import is_ready
from cli.servers.ports import is_listening
from cli.system import running_lock
from shared.clock import BusinessClock

OLDEST = "frontdesk_outbox_oldest_unpublished_seconds"


def status(context: typer.Context) -> None:
    """Print what runs. Exits 1 when the instance does not run, or something in it is not ready."""
    instance: Instance = context.obj
    if not running_lock(instance):
        typer.echo(f"nothing runs in {instance.directory}")
        raise typer.Exit(1)
    processes = instance.read("processes")
    ready = {name: is_ready(one["address"], 2.0) for name, one in processes.items()}
    _print_clock()
    _print_servers(instance)
    for name, one in processes.items():
        word = "ready" if ready[name] else "NOT READY"
        typer.echo(f"{name:<20} {word:<10} pid {one['pid'] or '-':<8} {one['address']}  restarts {one['restarts']}")
    for line in _outbox_ages(processes["relay"]["address"] if "relay" in processes else ""):
        typer.echo(line)
    typer.echo(f"data in {instance.read('servers').get('home')}, logs in {_shown(instance.logs)}")
    if not all(ready.values()):
        raise typer.Exit(1)


def _print_servers(instance: Instance) -> None:
    for name, place in instance.read("places").items():
        typer.echo(f"{name:<20} {'up' if is_listening(place) else 'not there':<10} {place}")


def _print_clock() -> None:
    clock = BusinessClock()
    if abs(clock.offset()) > timedelta(seconds=1):
        typer.echo(f"business time: {clock.now():%Y-%m-%d %H:%M:%S} UTC (real: {datetime.now().astimezone():%c})")


def _outbox_ages(relay: str) -> list[str]:
    try:
        text = urllib3.request("GET", f"http://{relay}/metrics", timeout=2, retries=False).data.decode()
    except urllib3.exceptions.HTTPError:
        return []
    return [line for line in text.splitlines() if line.startswith(OLDEST)]


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
