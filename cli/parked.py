"""`frontdesk parked`: events that a handler could not deal with, and what a person decides about them."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from shared.events.registry import CONSUMERS
from shared.messaging.decisions import NotParked, ParkedDesk

app = typer.Typer(no_args_is_help=True, help=__doc__)
Name = Annotated[str, typer.Argument(metavar="SERVICE/NUMBER", help="As the list shows it: billing/12.")]
SERVICES = sorted({consumer.service for consumer in CONSUMERS})
SHOWN = ("handler", "type", "reason", "status", "tries", "parked", "next try")


@app.command("list")
def list_parked(
    *,
    service: Annotated[str, typer.Option(help="Only this service.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Settled and discarded ones too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Lists parked events: ids and reasons, no patient data."""
    statuses = ("open", "dead", "settled", "discarded") if every else ("open", "dead")
    rows = list(_listed([service] if service else SERVICES, statuses))
    if as_json:
        for row in rows:
            print(json.dumps(row, default=str))
        return
    Console().print(_table(rows) if rows else "Nothing is parked.")


@app.command("show")
def show(name: Name) -> None:
    """Shows one parked event with its content. The look is audited."""
    desk, parked_id = _desk(name)
    print(json.dumps(_of(desk.shown, parked_id), indent=2, default=str))


@app.command("retry")
def retry(name: Name) -> None:
    """Has the event tried again at once, through the same door as the first time."""
    desk, parked_id = _desk(name)
    _of(desk.retry, parked_id)
    print(f"{name} is tried again now; `frontdesk parked list` shows what became of it.")


@app.command("discard")
def discard(name: Name, reason: Annotated[str, typer.Option(help="Why: kept with the event.")]) -> None:
    """Gives the event up for good. A replay will not bring it back."""
    if not reason.strip():
        raise typer.BadParameter("say why: the reason is kept with the event", param_hint="--reason")
    desk, parked_id = _desk(name)
    _of(lambda number: desk.discard(number, reason.strip()), parked_id)
    print(f"{name} is discarded.")


def _listed(services: list[str], statuses: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for service in services:
        for row in ParkedDesk(_known(service)).listed(statuses):
            yield {"name": f"{service}/{row['parked_id']}", **row}


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table("event", *SHOWN)
    for row in rows:
        tries = f"{row['attempts']}{' (child process)' if row['dangerous'] else ''}"
        parked, again = (f"{row[at]:%Y-%m-%d %H:%M:%S}" for at in ("parked_at", "next_attempt_at"))
        again = again if row["status"] == "open" else "-"
        table.add_row(row["name"], row["consumer"], row["type"], row["reason"], row["status"], tries, parked, again)
    return table


def _desk(name: str) -> tuple[ParkedDesk, int]:
    service, _, number = name.partition("/")
    if not number.isdigit():
        raise typer.BadParameter(f"{name!r} is not of the form SERVICE/NUMBER", param_hint="SERVICE/NUMBER")
    return ParkedDesk(_known(service)), int(number)


def _known(service: str) -> str:
    if service not in SERVICES:
        raise typer.BadParameter(f"no service {service!r}: there are {', '.join(SERVICES)}")
    return service


def _of(act: Any, parked_id: int) -> Any:
    try:
        return act(parked_id)
    except NotParked:
        typer.echo("There is no such parked event, or it has been settled or discarded.", err=True)
        raise typer.Exit(1) from None
