"""`frontdesk identity`: OpenID providers whose people may come in, and what their claims mean here."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from cli.operator import admission, gave_up, known_network, providers, site_ids
from gateway.outside.mapping import access_of
from gateway.outside.provider import KeysUnreadable, Provider, TokenRefused
from shared.errors import DomainError, NotFound, Unauthenticated
from shared.ids import new_id

app = typer.Typer(no_args_is_help=True, help="OpenID providers whose people may come in.")
Network = Annotated[str, typer.Option(help="The network's name or id.")]
Name = Annotated[str, typer.Argument(help="What this installation calls the provider.")]


@app.command("add")
def add(
    name: Name,
    network: Network,
    issuer: Annotated[str, typer.Option(help="As it stands in `iss`, to the letter.")],
    audience: Annotated[str, typer.Option(help="As it stands in `aud`: this gateway's name at the provider.")],
    keys: Annotated[str | None, typer.Option(help="Where its keys stand (JWKS); by discovery where left out.")] = None,
    alg: Annotated[list[str] | None, typer.Option(help="RS256 where left out; may be given several times.")] = None,
    typ: Annotated[list[str] | None, typer.Option(help="at+jwt where left out; jwt for providers that say so.")] = None,
    role_claim: Annotated[str, typer.Option(help="The claim (or path, a.b) that gives the role.")] = "groups",
    site_claim: Annotated[str, typer.Option(help="The claim (or path, a.b) that gives the sites.")] = "sites",
) -> None:
    """Accept a provider's tokens; until `map` says what its claims mean they let nobody in."""
    provider = Provider(
        network_id=known_network(network),
        provider_id=new_id(),
        name=name,
        issuer=issuer,
        audience=audience,
        keys_uri=keys,
        algorithms=frozenset(alg or ["RS256"]),
        token_types=frozenset(one.lower().removeprefix("application/") for one in typ or ["at+jwt"]),
        role_claim=role_claim,
        site_claim=site_claim,
    )
    with _or_give_up(name):
        providers().add(provider)
    typer.echo(f"{name} is accepted; its claims mean nothing yet: frontdesk identity map\n{_keys(provider)}")


@app.command("map")
def map_value(
    name: Name,
    network: Network,
    value: Annotated[str, typer.Option(help="A value of the role claim or of the site claim.")],
    role: Annotated[str | None, typer.Option(help="secretary, clinician, biller or manager.")] = None,
    site: Annotated[list[str] | None, typer.Option(help="A site's name or id; may be given several times.")] = None,
    all_sites: Annotated[bool, typer.Option(help="Every site of the network, also later ones.")] = False,  # noqa: FBT002
    nothing: Annotated[bool, typer.Option(help="Take back what the value means.")] = False,  # noqa: FBT002
) -> None:
    """Say what a value means: a role, sites, or nothing any more. In force within ten seconds."""
    if sum((role is not None, bool(site), all_sites, nothing)) != 1:
        raise typer.BadParameter("give one of --role, --site (also several times), --all-sites, --nothing")
    network_id = known_network(network)
    with _or_give_up(name):
        if nothing and not providers().unmap(network_id, name, value):
            raise _said(f"{value} means nothing as it is")
        if role is not None:
            providers().map_role(network_id, name, value, role)
        elif not nothing:
            providers().map_sites(network_id, name, value, None if all_sites else site_ids(network_id, site or []))
    typer.echo(f"{value}: {role or ('nothing' if nothing else 'every site' if all_sites else ', '.join(site or []))}")


@app.command("list")
def list_providers(network: Network) -> None:
    """Whose tokens are accepted."""
    table = Table("name", Column("issuer", overflow="fold"), Column("audience", overflow="fold"), "disabled")
    for one in providers().all(known_network(network)):
        table.add_row(one.name, one.issuer, one.audience, _when(one))
    Console().print(table)


@app.command("show")
def show(name: Name, network: Network) -> None:
    """One provider, what its claims mean, and whether its keys can be read from here."""
    with _or_give_up(name):
        provider = providers().named(known_network(network), name)
    rows = {
        "issuer": provider.issuer,
        "audience": provider.audience,
        "keys from": provider.keys_uri or "discovery",
        "algorithms": ", ".join(sorted(provider.algorithms)),
        "types": ", ".join(sorted(provider.token_types)),
        "disabled": _when(provider) or "no",
    }
    lines = [f"{label:<12} {text}" for label, text in rows.items()]
    lines += [f"{provider.role_claim}={value}: {role}" for value, role in sorted(provider.roles.items())]
    for value, sites in sorted(provider.sites.items()):
        lines.append(f"{provider.site_claim}={value}: {'every site' if sites is None else ', '.join(map(str, sites))}")
    typer.echo("\n".join([*lines, _keys(provider)]))


@app.command("disable")
def disable(name: Name, network: Network) -> None:
    """Refuse a provider's tokens and end what they opened, within a minute."""
    _switch(name, lambda: providers().disable(known_network(network), name), "disabled; its sessions end in a minute")


@app.command("enable")
def enable(name: Name, network: Network) -> None:
    """Accept a provider's new tokens again."""
    _switch(name, lambda: providers().enable(known_network(network), name), "accepted again")


@app.command("try")
def try_token(name: Name, network: Network) -> None:
    """Read a token from standard input and say what it would give, or why it does not hold. Opens nothing."""
    network_id = known_network(network)
    with _or_give_up(name):
        provider = providers().named(network_id, name)
        try:
            vouched = admission().vouched(sys.stdin.readline().strip())
        except Unauthenticated as refused:
            why = refused.why if isinstance(refused, TokenRefused) else "not a signed token of three parts"
            raise _said(f"it does not hold: {why}") from None
        if vouched.provider.provider_id != provider.provider_id:
            raise _said("it is another provider's")
        access = access_of(vouched.provider, vouched.claims)
    sites = "every site" if access.sites is None else ", ".join(sorted(map(str, access.sites)))
    typer.echo(f"login   {provider.login_of(vouched.subject)}\nrole    {access.role}\nsites   {sites}")


def _switch(name: str, change: Callable[[], bool], done: str) -> None:
    with _or_give_up(name):
        if not change():
            raise _said(f"{name} is that already")
    typer.echo(f"{name} is {done}")


@contextmanager
def _or_give_up(name: str) -> Iterator[None]:
    try:
        yield
    except NotFound:
        raise _said(f"no identity provider {name} in that network") from None
    except DomainError as error:
        raise gave_up(error) from None


def _said(sentence: str) -> typer.Exit:
    typer.echo(f"frontdesk: {sentence}", err=True)
    return typer.Exit(1)


def _keys(provider: Provider) -> str:
    try:
        return f"keys         {len(admission().keys.fetch(provider))} usable"
    except KeysUnreadable as unreadable:
        return f"keys         not readable from here now: {unreadable.why}"


def _when(provider: Provider) -> str:
    return provider.disabled_at.strftime("%Y-%m-%d %H:%M UTC") if provider.disabled_at else ""
