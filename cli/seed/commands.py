"""`frontdesk seed`: makes, checks and removes generated networks."""

import re
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from cli.accounts import add_account
from cli.consistency import Consistency
from cli.operator import directory, gave_up, network_id_of
from cli.seed.copying import administrators
from cli.seed.ids import Ids
from cli.seed.making import NetworkExists, seed
from cli.seed.progress import Told
from cli.seed.removal import NotSeeded, remove
from cli.seed.size import Size
from cli.seed.work import WorkerFailed
from shared.clock import BusinessClock
from shared.config import is_simulated
from shared.errors import DomainError

_ROLES = ("manager", "secretary", "clinician", "biller", "integration")


def seed_command(
    sites: Annotated[int, typer.Option(min=1, max=2000)] = 4,
    patients: Annotated[int, typer.Option(min=20, max=6_000_000)] = 2000,
    years: Annotated[int, typer.Option(min=1, max=10, help="Of history; two months are booked ahead.")] = 2,
    seed_: Annotated[int, typer.Option("--seed", help="The same seed and instant make the same rows.")] = 1,
    network: Annotated[str, typer.Option(help="The network's name; one that exists is refused.")] = "",
    visits: Annotated[float, typer.Option(min=0.1, max=12, help="Of a patient in a year.")] = 2.0,
    as_of: Annotated[str, typer.Option(help="Where history ends: 2026-11-26T10:00:00-05:00; now without it.")] = "",
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 2,
    alone: Annotated[  # noqa: FBT002
        bool, typer.Option("--alone", help="Nobody works here meanwhile: indexes are made after the rows, much faster.")
    ] = False,
    check: Annotated[str, typer.Option(help="Compare the databases of this network, and make nothing.")] = "",
    remove_: Annotated[str, typer.Option("--remove", help="Take this seeded network away.")] = "",
) -> None:
    """Make a believable network of any size, consistent over all services. Only where the installation is simulated."""
    if not is_simulated():
        raise _no("this installation is not simulated; a seed has no place in it")
    if check or remove_:
        raise typer.Exit(_check(check) if check else _remove(remove_))
    name = network or f"Seed {seed_}"
    size = Size(
        name=name,
        network_id=network_id_of(name),
        sites=sites,
        patients=patients,
        years=years,
        visits_a_year=visits,
        seed=seed_,
        as_of=_instant(as_of),
    )
    if patients < sites * 5:
        raise typer.BadParameter("a site needs five patients at least", param_hint="--patients")
    _seed(size, workers, alone=alone)


def _seed(size: Size, workers: int, *, alone: bool) -> None:
    console = Console(highlight=False)
    try:
        with Told(size, console) as told:
            feed_password = seed(size, workers, told.say, told.hear, alone=alone)
            told.say(told.line())
        _print_accounts(size)
    except NetworkExists:
        raise _no(f"the network {size.name} exists; a seed makes its own") from None
    except WorkerFailed:
        raise _no(
            f"a process failed (see above); `frontdesk seed --remove '{size.name}'` takes away the rest"
        ) from None
    except DomainError as error:
        raise gave_up(error) from None
    typer.echo(f"claim feed's password  {feed_password}\n(secrets are shown this once)")


def _print_accounts(size: Size) -> None:
    typer.echo(f"network  {size.name}  {size.network_id}")
    place = re.sub(r"[^a-z0-9]+", "-", size.name.casefold()).strip("-") or "seeded"
    first = [Ids(size.seed, size.network_id).of("site", 0)]
    for role in _ROLES:
        everywhere = role in ("manager", "integration")
        login = f"{role}@{place}.example"
        added = add_account(size.network_id, login, role, None if everywhere else first, client=role == "integration")
        typer.echo(f"  {added.login}  {added.secret}  ({'all sites' if everywhere else 'the first site'})")


def _check(name: str) -> int:
    if not directory().knows(network_id_of(name)):
        raise _no(f"there is no network {name} here; names are written out in full")
    found = Consistency(administrators, network_id_of(name)).faults()
    for fault in found:
        typer.echo(fault, err=True)
    typer.echo(f"{len(found)} faults" if found else "the databases agree with each other")
    return 1 if found else 0


def _remove(name: str) -> int:
    try:
        typer.echo(f"{remove(network_id_of(name)):,} rows are gone")
    except NotSeeded:
        raise _no(f"{name} is no network that a seed made") from None
    return 0


def _instant(text: str) -> datetime:
    """To the minute, in UTC."""
    try:
        instant = datetime.fromisoformat(text) if text else BusinessClock().now()
    except ValueError:
        raise typer.BadParameter("an instant looks like 2026-11-23T09:00:00-05:00", param_hint="--as-of") from None
    if instant.tzinfo is None:
        raise typer.BadParameter("say the offset from UTC too", param_hint="--as-of")
    return instant.astimezone(UTC).replace(second=0, microsecond=0)


def _no(sentence: str) -> typer.Exit:
    typer.echo(f"frontdesk: {sentence}", err=True)
    return typer.Exit(1)
