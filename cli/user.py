"""`frontdesk user`: people and programs of a network. Secrets are random and shown once."""

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Column, Table

from cli.accounts import add_account
from cli.operator import all_sites, directory, gave_up, known_network, network_id_of, site_ids
from shared.errors import DomainError

app = typer.Typer(no_args_is_help=True, help="People and programs that may sign in.")
Network = Annotated[str, typer.Option(help="The network's name or id.")]


@app.command("add")
def add(
    login: str,
    network: Network,
    role: Annotated[str, typer.Option(help="secretary, clinician, biller, manager; integration for programs.")],
    site: Annotated[list[str] | None, typer.Option(help="A site's name or id; may be given several times.")] = None,
    all_sites: Annotated[bool, typer.Option(help="Every site of the network, also later ones.")] = False,  # noqa: FBT002
    client: Annotated[bool, typer.Option(help="A program with client credentials.")] = False,  # noqa: FBT002
) -> None:
    """Add a person, or a program with --client; prints the password or secret this once."""
    if bool(site) == all_sites:
        raise typer.BadParameter("give --site (also several times) or --all-sites")
    network_id = known_network(network)
    try:
        sites = None if all_sites else site_ids(network_id, site or [])
        added = add_account(network_id, login, role, sites, client=client)
    except DomainError as error:
        raise gave_up(error) from None
    what = ("client id", "client secret") if client else ("login", "password")
    typer.echo(f"{what[0]}  {added.login}\n{what[1]}  {added.secret}\n(the {what[1]} is shown this once)")


@app.command("disable")
def disable(login: str, network: Network) -> None:
    """End an account and all its sessions, within a minute."""
    if not directory().disable(network_id_of(network), login):
        typer.echo(f"frontdesk: no active account {login} in that network", err=True)
        raise typer.Exit(1)
    typer.echo(f"{login} is disabled; open sessions end within a minute")


@app.command("list")
def list_accounts(network: Network) -> None:
    """Who may sign in."""
    table = Table(
        Column("login", overflow="fold", no_wrap=True), "kind", "role", Column("sites", overflow="fold"), "disabled"
    )
    network_id = known_network(network)
    names = _names_of_sites(network_id)
    for one in directory().all(network_id):
        sites = "all" if one["sites"] is None else ", ".join(names.get(str(site), str(site)) for site in one["sites"])
        disabled = one["disabled_at"].strftime("%Y-%m-%d %H:%M UTC") if one["disabled_at"] else ""
        table.add_row(one["login"], one["kind"], one["role"], sites, disabled)
    Console().print(table)


def _names_of_sites(network_id: UUID) -> dict[str, str]:
    """Names by id; none while scheduling does not answer, since who may sign in is worth knowing then too."""
    try:
        return {site["site_id"]: site["name"] for site in all_sites(network_id)}
    except DomainError:
        return {}
