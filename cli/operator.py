"""An operator at the console, as services and the accounts database see one."""

from typing import Any
from uuid import UUID

import typer

from gateway.clients import Services
from gateway.directory import Directory
from gateway.errors import title_of
from gateway.outside.admission import Admission, admission_on
from gateway.outside.fetching import KeyFetcher
from gateway.outside.registry import Registry
from gateway.repository import accounts_units
from gateway.standings import Standings
from shared.asker import Asker
from shared.calls.claims import Signer
from shared.calls.client import ServiceClient
from shared.clock import BusinessClock
from shared.config import is_simulated, service_url, setting
from shared.database.migrate import SERVICES
from shared.errors import DomainError, Invalid
from shared.ids import derived_id, new_id

# Networks are named at the console; the id follows from the name, so that asking twice opens one.
_NETWORKS = UUID(int=0)


def network_id_of(name_or_id: str) -> UUID:
    """A network by its id or by the name that it was added under."""
    try:
        return UUID(name_or_id)
    except ValueError:
        return derived_id(_NETWORKS, f"network/{name_or_id.strip().casefold()}")


def operator(network_id: UUID, *scopes: str) -> Asker:
    """The operator, at work in one network."""
    return Asker(
        actor_id="console",
        actor_kind="operator",
        network_id=network_id,
        sites=None,
        scopes=frozenset(scopes),
        correlation_id=str(new_id()),
    )


def services() -> Services:
    """The running services of this installation."""
    signer = Signer(setting("FRONTDESK_CLAIMS_PRIVATE_KEY"), "cli")
    return Services({name: ServiceClient(name, service_url(name), signer) for name in SERVICES})


def directory() -> Directory:
    """The accounts of this installation."""
    clock = BusinessClock()
    units, look_ups = accounts_units(clock, size=1)
    return Directory(units, look_ups, clock)


def providers() -> Registry:
    """The identity providers of this installation."""
    clock = BusinessClock()
    units, _ = accounts_units(clock, size=1)
    return Registry(units, clock, plain_http=is_simulated())


def admission() -> Admission:
    """Tokens of outside providers, as the gateway reads them."""
    clock = BusinessClock()
    units, look_ups = accounts_units(clock, size=1)
    fetch = KeyFetcher(plain_http=is_simulated())
    return admission_on(units, look_ups, Standings(units, look_ups, clock), clock, fetch)


def known_network(name_or_id: str) -> UUID:
    """The network's id; the command ends with status 1 where this installation has no such network."""
    network_id = network_id_of(name_or_id)
    if not directory().knows(network_id):
        typer.echo(f"frontdesk: there is no network {name_or_id} here; names are written out in full", err=True)
        raise typer.Exit(1)
    return network_id


def all_sites(network_id: UUID) -> list[dict[str, Any]]:
    """Every site of a network, however many pages they are."""
    told, asker, items, cursor = services(), operator(network_id, "sites:read"), [], None
    while True:
        page = told.ask("scheduling", "sites", {"cursor": cursor, "limit": 200}, asker)
        items += page["items"]
        cursor = page["next"]
        if not cursor:
            return items


def site_ids(network_id: UUID, named: list[str]) -> list[UUID]:
    """Site ids of names or ids. Raises Invalid for a name that the network does not have."""
    items = all_sites(network_id)
    known = {item["name"].casefold(): item["site_id"] for item in items} | {
        item["site_id"]: item["site_id"] for item in items
    }
    if unknown := [name for name in named if name.casefold() not in known]:
        message = f"not a site of this network: {', '.join(unknown)}"
        raise Invalid(errors=[{"field": "site", "message": message}])
    return [UUID(known[name.casefold()]) for name in named]


def gave_up(error: DomainError) -> typer.Exit:
    """Says in one line what was wrong, with which field, and what to do; the command ends with status 1."""
    found = [f"{one['field']}: {one['message']}" for one in error.errors]
    fields = "; ".join(found or [f"{name}: {value}" for name, value in error.details.items()])
    advice = advice_on(error.slug)
    typer.echo(
        f"frontdesk: {title_of(error.slug)}{f' ({fields})' if fields else ''}{advice and f'. {advice}'}", err=True
    )
    return typer.Exit(1)


def advice_on(slug: str) -> str:
    """What somebody at the console may do about it."""
    if slug in ("unavailable", "deadline-exceeded", "outcome-unknown"):
        return "`frontdesk status` shows what runs; then give the same command again, which does nothing twice"
    return ""
