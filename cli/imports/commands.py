"""`frontdesk import`: other systems' data, through the gateway's ordinary API."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console

from cli.api import ApiRefused, ApiUnreachable
from cli.imports.synthea.client import ImportClient
from cli.imports.synthea.encounters import AMBULATORY
from cli.imports.synthea.importing import Import
from cli.imports.synthea.plan import Window
from cli.imports.synthea.reader import Choice
from cli.imports.synthea.sources import SourceUnreadable
from cli.imports.synthea.tables import show
from shared.config import setting

app = typer.Typer(no_args_is_help=True, help="Bring in data of other systems.")


@app.callback()
def _imports() -> None:
    """Keeps `synthea` a word of its own while it is the only source."""


@app.command()
def synthea(
    source: Annotated[
        Path, typer.Argument(help="FHIR bundles, bulk NDJSON or Synthea's CSV: folder, archive or file.")
    ],
    window: Annotated[str, typer.Option(help="Only these days of the source: 2019-01-01..2020-12-31.")] = "",
    weeks: Annotated[int | None, typer.Option(help="Only the densest so many weeks.", min=1)] = None,
    shift: Annotated[bool, typer.Option("--shift", help="Move all by whole weeks, to end before today.")] = False,  # noqa: FBT002
    weeks_later: Annotated[int | None, typer.Option(help="Move all by just so many weeks.")] = None,
    zone: Annotated[str, typer.Option(help="IANA zone of sites whose address does not decide it.")] = "",
    classes: Annotated[str, typer.Option(help="Classes of encounters that are visits.")] = ",".join(sorted(AMBULATORY)),
    report: Annotated[Path | None, typer.Option(help="Write the account, record by record, to this file.")] = None,
) -> None:
    """Import Synthea's patients as an integration client (FRONTDESK_CLIENT_ID, FRONTDESK_CLIENT_SECRET).

    Exits 1 when the account does not add up or too few encounters came through, 2 when the import could not run.
    """
    choice = Choice(
        window=_window(window),
        weeks=weeks,
        shifted=shift,
        weeks_later=weeks_later,
        zone=_zone(zone),
        classes=frozenset(each.strip() for each in classes.split(",")),
    )
    console = Console()
    try:
        account = Import(api=_client(), console=console).run(source, choice)
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


def _zone(text: str) -> str | None:
    try:
        return ZoneInfo(text).key if text else None
    except (ValueError, ZoneInfoNotFoundError):
        raise typer.BadParameter("a zone is an IANA name: America/Chicago", param_hint="--zone") from None
