"""Extra time, leave and blocked time of practitioners; blocked time of rooms and devices."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from services.scheduling.domain.commands import AddWorkingException, RemoveException
from services.scheduling.domain.errors import ImpossibleHours
from services.scheduling.domain.spans import checked_span
from services.scheduling.domain.time_exceptions import TimeException
from services.scheduling.operations.locks import hours_lock, resource_lock
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.stranded import stranded_at
from services.scheduling.operations.working_time import working_time_changed
from shared.clock import Clock
from shared.errors import NotFound
from shared.ids import new_id


def add_working_exception(command: AddWorkingException, uow: Unit, clock: Clock) -> dict[str, Any]:
    """What is booked stays, and what of it is stranded is told. Raises NotFound, ImpossibleHours."""
    span = checked_span(command.span)
    with uow:
        resource_id, site_id = _place(command, uow)
        if site_id is not None:
            uow.lock(hours_lock(site_id))
        uow.lock(resource_lock(resource_id))
        exception = TimeException(
            exception_id=new_id(),
            kind=command.kind,
            span=span,
            site_id=site_id,
            resource_id=resource_id,
            reason=command.reason,
        )
        if command.kind == "extra" and site_id is not None:
            _make_sure_of_hours(resource_id, site_id, uow)
        uow.opening.add_exception(exception)
        uow.audit("add_working_exception", "working_exception", exception.exception_id, site_id=site_id)
        return uow.commit(_changed(exception, uow, clock))


def remove_working_exception(command: RemoveException, uow: Unit, clock: Clock) -> dict[str, Any]:
    """Answers with what is stranded still: more, where it was extra time. Once more changes nothing. Raises
    NotFound."""
    with uow:
        exception = uow.opening.exception(command.exception_id)
        if exception.resource_id is None:
            raise NotFound
        if exception.site_id is None:
            _require_all_sites(uow)
        uow.lock(resource_lock(exception.resource_id))
        uow.opening.remove_exception(exception.exception_id, clock.now())
        uow.audit("remove_working_exception", "working_exception", exception.exception_id, site_id=exception.site_id)
        return uow.commit(_changed(exception, uow, clock))


def _place(command: AddWorkingException, uow: Unit) -> tuple[UUID, UUID | None]:
    """Whose time it is, and where."""
    if command.resource_id is not None:
        resource = uow.resources.get(command.resource_id)
        if command.kind != "blocked":
            raise ImpossibleHours("rooms and devices can only be blocked", "kind")
        if command.site_id not in (None, resource.site_id):
            raise NotFound
        return resource.resource_id, resource.site_id
    if command.practitioner_id is None:
        raise ImpossibleHours("name a practitioner, or a room or device", "practitioner_id")
    if command.site_id is None:
        _require_all_sites(uow)
        if command.kind != "leave":
            raise ImpossibleHours("only leave may be at every site: name one", "site_id")
    else:
        uow.places.site(command.site_id)
    return uow.places.practitioner(command.practitioner_id).practitioner_id, command.site_id


def _require_all_sites(uow: Unit) -> None:
    """Leave everywhere touches sites that who manages only some of them may not see."""
    if uow.asker.sites is not None:
        raise ImpossibleHours("name a site: leave at every site is for who manages all of them", "site_id")


def _make_sure_of_hours(practitioner_id: UUID, site_id: UUID, uow: Unit) -> None:
    """Who works extra where he never did has hours there from then on, though no week."""
    known = uow.schedules.hours(practitioner_id, site_id)
    if not known.version:
        uow.schedules.keep_hours(replace(known, version=1))


def _changed(exception: TimeException, uow: Unit, clock: Clock) -> dict[str, Any]:
    resource_id = exception.resource_id
    if resource_id is None:
        raise NotFound
    working_time_changed(resource_id, exception.site_id, uow, clock, exception.span.extent)
    sites = [exception.site_id] if exception.site_id else uow.schedules.sites_of(resource_id)
    return vars(exception) | stranded_at(sites, [resource_id], uow, clock.now())
