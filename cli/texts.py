"""`frontdesk texts unknown`: texts of which nobody knows whether they went out, and what a person found out."""

import json
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from cli.operator import gave_up, network_id_of, operator, services
from shared.errors import DomainError
from shared.ids import new_id

app = typer.Typer(no_args_is_help=True, help="Texts to patients.")
unknown = typer.Typer(no_args_is_help=True, help=__doc__)
app.add_typer(unknown, name="unknown")

Network = Annotated[str, typer.Option(help="The network's name or id.")]
TextId = Annotated[UUID, typer.Argument(metavar="TEXT_ID", help="As the list shows it.")]
_SHOWN = ("text_id", "site_id", "kind", "start_at", "reason", "claimed_at", "looks", "next_look_at")


class Outcome(StrEnum):
    """What a person found out."""

    SENT = "sent"
    NOT_SENT = "not-sent"
    SEND_AGAIN = "send-again"


@app.callback()
def texts() -> None:
    """Texts to patients."""


@unknown.command("list")
def list_unknown(network: Network, *, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Lists them: ids and reasons, no numbers. `next_look_at` is when the carrier is asked again; none: never."""
    rows = _all_of(network_id_of(network))
    if as_json:
        for row in rows:
            print(json.dumps(row))
        return
    table = Table(*(name.replace("_", " ") for name in _SHOWN))
    for row in rows:
        table.add_row(*(str(row[name] if row[name] is not None else "-") for name in _SHOWN))
    Console().print(table if rows else "What became of every text is known.")


@unknown.command("show")
def show(text_id: TextId, network: Network) -> None:
    """Shows one with its number, to look for it in the carrier's own console. The look is audited."""
    asker = operator(network_id_of(network), "tasks:write")
    found = _or_give_up(lambda: services().ask("notifications", "unknown_text", {"text_id": str(text_id)}, asker))
    print(json.dumps(found, indent=2))


@unknown.command("settle")
def settle(
    text_id: TextId,
    network: Network,
    outcome: Annotated[Outcome, typer.Option("--as", help="What became of it, or that it be sent once more.")],
) -> None:
    """Says what became of a text; its task ends. `send-again` looks at consent, opt-out and visit anew."""
    asker, body = operator(network_id_of(network), "tasks:write"), {"text_id": str(text_id), "outcome": outcome.value}
    key = str(new_id())
    told = _or_give_up(lambda: services().tell("notifications", "settle_text", body, asker, key))
    print(f"The text is {told['status']} now.")


def _all_of(network_id: UUID) -> list[dict[str, Any]]:
    asker, rows, cursor = operator(network_id, "texts:read"), [], None
    while True:
        page = _or_give_up(lambda at=cursor: services().ask("notifications", "unknown_texts", {"cursor": at}, asker))
        rows += page["items"]
        if not (cursor := page["next"]):
            return rows


def _or_give_up(call: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = call()
    except DomainError as error:
        raise gave_up(error) from None
    return found
