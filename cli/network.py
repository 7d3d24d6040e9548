"""`frontdesk network add`: opens a network in every service, in the gateway and on the claim feed."""

from typing import Annotated

import typer

from cli.accounts import open_network
from cli.operator import gave_up
from shared.errors import DomainError

app = typer.Typer(no_args_is_help=True, help="Networks: the tenants of this installation.")


@app.callback()
def network() -> None:
    """Networks: the tenants of this installation."""


@app.command("add")
def add(
    name: str,
    text_number: Annotated[
        str, typer.Option(help="The number that its texts come from, as +12025550150; made up where simulated.")
    ] = "",
    new_feed_password: Annotated[bool, typer.Option(help="Give the claim feed's reader a new password.")] = False,  # noqa: FBT002
) -> None:
    """Open a network; harmless when it is open already."""
    try:
        opened = open_network(name, text_number, new_feed_password=new_feed_password)
    except DomainError as error:
        raise gave_up(error) from None
    typer.echo(f"network      {name}\nnetwork id   {opened.network_id}")
    typer.echo(f"texts from   {opened.text_number or 'the number that it has'}")
    typer.echo(f"claim feed   queue and broker user {opened.feed_queue}")
    if opened.feed_password:
        typer.echo(f"             password {opened.feed_password} (shown this once)")
