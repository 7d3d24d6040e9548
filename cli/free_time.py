"""`frontdesk free-time`: compares the rows of free time with what hours and bookings make, and mends them."""

from collections.abc import Iterable, Iterator
from typing import Annotated
from uuid import UUID

import typer

from cli.operator import known_network
from services.scheduling import operations
from services.scheduling.domain.free_days import FreeDay, Place
from services.scheduling.domain.resource_lock import resource_lock
from services.scheduling.repository import SchedulingUnitOfWork
from shared.clock import BusinessClock
from shared.database.units import UnitFactory, unit_factory

app = typer.Typer(no_args_is_help=True, help=__doc__)
Network = Annotated[str, typer.Option(help="By its name or id; all of them without it.")]
_SHOWN = 5


@app.command("check")
def check(network: Network = "") -> None:
    """Compare every row of free time with a slow, plain computation; status 1 where one differs."""
    units, places, wrong = units_of_scheduling(), 0, 0
    for network_id in _networks(units, network):
        for place in _places(units, network_id):
            places += 1
            found = differing(units, network_id, place)
            wrong += len(found)
            for line in found[:_SHOWN]:
                typer.echo(line)
    typer.echo(f"{wrong:,} days differ at {places:,} places" if wrong else f"{places:,} places are right")
    if wrong:
        typer.echo("`frontdesk free-time rebuild` makes them anew", err=True)
        raise typer.Exit(1)


@app.command("rebuild")
def rebuild(network: Network = "") -> None:
    """Make every row anew, one resource and site at a time; booking goes on meanwhile."""
    units = units_of_scheduling()
    count = sum(rebuild_network(units, network_id) for network_id in _networks(units, network))
    typer.echo(f"the free time of {count:,} places is made anew")


def rebuild_network(units: UnitFactory[SchedulingUnitOfWork], network_id: UUID) -> int:
    """How many places were made anew."""
    places = _places(units, network_id)
    rebuild_places(units, network_id, places)
    return len(places)


def rebuild_places(units: UnitFactory[SchedulingUnitOfWork], network_id: UUID, places: Iterable[Place]) -> None:
    """These places anew, each in a transaction of its own."""
    clock = BusinessClock()
    for place in places:
        with units.for_network(network_id) as uow:
            uow.lock(resource_lock(place.resource_id))
            operations.keep_free_time(place.site_id, [place.resource_id], uow, clock)
            uow.commit()


def differing(units: UnitFactory[SchedulingUnitOfWork], network_id: UUID, place: Place) -> list[str]:
    """A line for each day that is not what it should be; ids alone are named."""
    with units.for_network(network_id) as uow:
        uow.lock(resource_lock(place.resource_id))
        return [_line(place, kept, right) for kept, right in operations.differing_days(place, uow)]


def units_of_scheduling() -> UnitFactory[SchedulingUnitOfWork]:
    """The units of work of scheduling's own jobs."""
    return unit_factory("scheduling", SchedulingUnitOfWork, role="worker", size=1)


def _networks(units: UnitFactory[SchedulingUnitOfWork], network: str) -> Iterator[UUID]:
    yield from [known_network(network)] if network else units.networks()


def _places(units: UnitFactory[SchedulingUnitOfWork], network_id: UUID) -> list[Place]:
    with units.for_network(network_id) as uow:
        return uow.free_time.places()


def _line(place: Place, kept: FreeDay | None, right: FreeDay | None) -> str:
    one = kept or right
    what = "is missing" if kept is None else "is of no use" if right is None else "is not what is free"
    day = f"{one.on_day} lane {one.lane}" if one else ""
    return f"{day} of {place.resource_id} at {place.site_id} {what}"
