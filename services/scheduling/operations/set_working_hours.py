"""When a practitioner works at a site."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.scheduling.domain.commands import SetStays, SetWorkingHours
from services.scheduling.domain.patterns import checked_patterns, checked_stays
from services.scheduling.domain.working_hours import WorkingHours, checked_week
from services.scheduling.domain.zones import local_day
from services.scheduling.operations.locks import hours_lock, resource_lock
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.stranded import stranded_at
from services.scheduling.operations.working_time import working_time_changed
from shared.clock import Clock
from shared.errors import require_version

__all__ = ["read_working_hours", "resource_lock", "set_stays", "set_working_hours"]


def set_working_hours(command: SetWorkingHours, uow: Unit, clock: Clock) -> dict[str, Any]:
    """Replaces week and patterns; what is booked stays, and what of it is stranded is told.

    Raises NotFound, Stale, ImpossibleHours.
    """
    weekly = checked_week(command.weekly)
    patterns = checked_patterns(command.patterns, command.from_on)
    with uow:
        known = _locked(command, uow)
        hours = replace(known.replaced(weekly, patterns, command.from_on), lanes=command.lanes)
        answer = _keep(hours, uow, clock)
        uow.audit("set_working_hours", "practitioner", command.practitioner_id, site_id=command.site_id)
        return uow.commit(answer)


def set_stays(command: SetStays, uow: Unit, clock: Clock) -> dict[str, Any]:
    """On which days the practitioner works at the site at all. Raises NotFound, Stale, ImpossibleHours."""
    stays = checked_stays(command.stays)
    with uow:
        answer = _keep(replace(_locked(command, uow), stays=stays), uow, clock)
        uow.audit("set_stays", "practitioner", command.practitioner_id, site_id=command.site_id)
        return uow.commit(answer)


def read_working_hours(
    practitioner_id: UUID, site_id: UUID, on: date | None, uow: Unit, clock: Clock
) -> dict[str, Any]:
    """Week, patterns and stays; none, of version 0, where none were ever set. `weekly` is the plain week in force on
    that day (today where None). Raises NotFound."""
    site = uow.places.site(site_id)
    day = on or local_day(clock.now(), site.zone_info)
    return _shown(uow.schedules.hours(practitioner_id, site_id), day)


def _locked(command: SetWorkingHours | SetStays, uow: Unit) -> WorkingHours:
    """The hours that are set now, under their locks."""
    uow.places.site(command.site_id)
    uow.places.practitioner(command.practitioner_id)
    uow.lock(hours_lock(command.site_id), resource_lock(command.practitioner_id))
    known = uow.schedules.hours(command.practitioner_id, command.site_id)
    require_version(command.version, known.version)
    return known


def _keep(changed: WorkingHours, uow: Unit, clock: Clock) -> dict[str, Any]:
    hours = replace(changed, version=changed.version + 1)
    uow.schedules.keep_hours(hours)
    working_time_changed(hours.practitioner_id, hours.site_id, uow, clock)
    now = clock.now()
    zone = uow.places.site(hours.site_id).zone_info
    return _shown(hours, local_day(now, zone)) | stranded_at([hours.site_id], [hours.practitioner_id], uow, now)


def _shown(hours: WorkingHours, day: date) -> dict[str, Any]:
    return vars(hours) | {"weekly": hours.week_on(day)}
