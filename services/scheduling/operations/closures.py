"""Holidays and closures of a whole site."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.scheduling.domain.commands import AddClosure, RemoveException
from services.scheduling.domain.places import Site
from services.scheduling.domain.spans import checked_span
from services.scheduling.domain.time_exceptions import TimeException
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.stranded import stranded_at
from services.scheduling.operations.working_time import lock_site, site_hours_changed
from shared.clock import Clock
from shared.errors import NotFound
from shared.ids import new_id


def add_closure(command: AddClosure, uow: Unit, clock: Clock) -> dict[str, Any]:
    """Closes the site; what is booked stays, and what of it is stranded is told. Raises NotFound, ImpossibleHours."""
    span = checked_span(command.span)
    with uow:
        site = uow.places.site(command.site_id, lock=True)
        before = _holidays(site.site_id, uow, clock)
        touched = lock_site(command.site_id, uow)
        closure = TimeException(
            exception_id=new_id(), kind=command.kind, span=span, site_id=command.site_id, reason=command.reason
        )
        uow.opening.add_exception(closure)
        site_hours_changed(command.site_id, touched, uow, clock, span.extent)
        _tell(site, before, uow, clock)
        uow.audit("add_closure", "closure", closure.exception_id, site_id=command.site_id)
        return uow.commit(vars(closure) | stranded_at([command.site_id], None, uow, clock.now()))


def remove_closure(command: RemoveException, uow: Unit, clock: Clock) -> dict[str, Any]:
    """Opens the site again; answers with what is stranded still. Once more changes nothing. Raises NotFound."""
    with uow:
        closure = uow.opening.exception(command.exception_id)
        site_id = closure.site_id
        if site_id is None or closure.resource_id is not None:
            raise NotFound
        site = uow.places.site(site_id, lock=True)
        before = _holidays(site_id, uow, clock)
        touched = lock_site(site_id, uow)
        uow.opening.remove_exception(closure.exception_id, clock.now())
        site_hours_changed(site_id, touched, uow, clock, closure.span.extent)
        _tell(site, before, uow, clock)
        uow.audit("remove_closure", "closure", closure.exception_id, site_id=site_id)
        return uow.commit(vars(closure) | stranded_at([site_id], None, uow, clock.now()))


def _tell(site: Site, before: list[date], uow: Unit, clock: Clock) -> None:
    """Holidays are part of what others know of a site; that it is closed for another reason is not."""
    holidays = _holidays(site.site_id, uow, clock)
    if holidays != before:
        now = replace(site, version=site.version + 1)
        uow.places.change_site(now)
        uow.record(now.changed(holidays))


def _holidays(site_id: UUID, uow: Unit, clock: Clock) -> list[date]:
    return uow.opening.holidays(site_id, clock.now().date())
