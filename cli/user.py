"""`frontdesk user`: people and programs of a network. Secrets are random and shown once."""

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Column, Table

from cli.accounts import add_account
from cli.operator import directory, gave_up, network_id_of, operator, services
from shared.errors import DomainError, Invalid

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
    network_id = _network(network)
    try:
        sites = None if all_sites else _sites(network_id, site or [])
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
    for one in directory().all(_network(network)):
        sites = "all" if one["sites"] is None else "\n".join(str(site) for site in one["sites"])
        disabled = one["disabled_at"].strftime("%Y-%m-%d %H:%M UTC") if one["disabled_at"] else ""
        table.add_row(one["login"], one["kind"], one["role"], sites, disabled)
    Console().print(table)


def _network(name_or_id: str) -> UUID:
    """The network's id; the command ends with status 1 where this installation has no such network."""
    network_id = network_id_of(name_or_id)
    if not directory().knows(network_id):
        typer.echo(f"frontdesk: there is no network {name_or_id} here; names are written out in full", err=True)
        raise typer.Exit(1)
    return network_id


def _sites(network_id: UUID, named: list[str]) -> list[UUID]:
    """Site ids of names or ids. Raises Invalid for a name that the network does not have."""
    items = services().ask("scheduling", "sites", {}, operator(network_id, "sites:read"))["items"]
    known = {item["name"].casefold(): item["site_id"] for item in items} | {
        item["site_id"]: item["site_id"] for item in items
    }
    if unknown := [name for name in named if name.casefold() not in known]:
        message = f"not a site of this network: {', '.join(unknown)}"
        raise Invalid(errors=[{"field": "site", "message": message}])
    return [UUID(known[name.casefold()]) for name in named]
