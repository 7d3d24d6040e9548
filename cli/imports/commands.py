"""`frontdesk import`: other systems' data, through the gateway's ordinary API."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.api import ApiRefused, ApiUnreachable
from cli.imports.synthea.bundles import SourceUnreadable
from cli.imports.synthea.client import ImportClient
from cli.imports.synthea.importing import Import, Wish
from cli.imports.synthea.plan import Window
from cli.imports.synthea.tables import show
from shared.config import setting

app = typer.Typer(no_args_is_help=True, help="Bring in data of other systems.")


@app.callback()
def _imports() -> None:
    """Keeps `synthea` a word of its own while it is the only source."""


@app.command()
def synthea(
    source: Annotated[Path, typer.Argument(help="A folder, a tar archive or one FHIR R4 bundle.")],
    window: Annotated[str, typer.Option(help="Days of the source: 2019-01-01..2020-12-31.")] = "",
    weeks: Annotated[int, typer.Option(help="Without a window: the densest so many weeks.", min=1)] = 52,
    weeks_later: Annotated[int | None, typer.Option(help="Move by so many weeks; found out by itself.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the account, record by record, to this file.")] = None,
) -> None:
    """Import Synthea's bundles as an integration client (FRONTDESK_CLIENT_ID, FRONTDESK_CLIENT_SECRET).

    Exits 1 when the account does not add up or too few encounters came through, 2 when the import could not run.
    """
    wish = Wish(source=source, window=_window(window), weeks=weeks, weeks_later=weeks_later)
    console = Console()
    try:
        account = Import(api=_client(), console=console).run(wish)
    except (SourceUnreadable, ApiUnreachable, ApiRefused) as failed:
        typer.echo(f"frontdesk: {failed}", err=True)
        raise typer.Exit(2) from failed
    show(account, console)
    if report:
        report.write_text(json.dumps(account.as_json(), indent=1), "utf-8")
    raise typer.Exit(0 if account.adds_up and account.is_enough else 1)


def _client() -> ImportClient:
    names = ("FRONTDESK_GATEWAY_URL", "FRONTDESK_CLIENT_ID", "FRONTDESK_CLIENT_SECRET")
    return ImportClient(*(setting(name) for name in names))


def _window(text: str) -> Window | None:
    if not text:
        return None
    first, _, last = text.partition("..")
    try:
        found = Window(first=date.fromisoformat(first), last=date.fromisoformat(last))
    except ValueError:
        raise typer.BadParameter("a window is two days: 2019-01-01..2020-12-31", param_hint="--window") from None
    if found.last < found.first:
        raise typer.BadParameter("a window's first day comes first", param_hint="--window")
    return found
