"""An operator at the console, as services and the accounts database see one."""

from uuid import UUID

import typer

from gateway.clients import Services
from gateway.directory import Directory
from gateway.repository import accounts_units
from shared.asker import Asker
from shared.calls.claims import Signer
from shared.calls.client import ServiceClient
from shared.clock import BusinessClock
from shared.config import service_url, setting
from shared.database.migrate import SERVICES
from shared.errors import DomainError
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


def gave_up(error: DomainError) -> typer.Exit:
    """Says why in one line; the command ends with status 1."""
    fields = "; ".join(f"{one['field']}: {one['message']}" for one in error.errors)
    typer.echo(f"frontdesk: {error.slug}{f' ({fields})' if fields else ''}", err=True)
    return typer.Exit(1)
