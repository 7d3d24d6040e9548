"""When a site is open at all."""

from typing import Any
from uuid import UUID

from services.scheduling.domain.commands import SetOpeningHours
from services.scheduling.domain.opening import OpeningHours, checked_weeks
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.stranded import stranded_at
from services.scheduling.operations.working_time import lock_site, site_hours_changed
from shared.clock import Clock
from shared.errors import require_version


def set_opening_hours(command: SetOpeningHours, uow: Unit, clock: Clock) -> dict[str, Any]:
    """Replaces the weeks; what is booked stays, and what of it is stranded is told.

    Raises NotFound, Stale, ImpossibleHours.
    """
    weeks = checked_weeks(command.weeks)
    with uow:
        uow.places.site(command.site_id)
        touched = lock_site(command.site_id, uow)
        known = uow.opening.hours(command.site_id)
        require_version(command.version, known.version)
        hours = OpeningHours(weeks=weeks, version=known.version + 1)
        uow.opening.keep_hours(command.site_id, hours)
        site_hours_changed(command.site_id, touched, uow, clock)
        uow.audit("set_opening_hours", "site", command.site_id, site_id=command.site_id)
        left = stranded_at([command.site_id], None, uow, clock.now())
        return uow.commit({"site_id": command.site_id, **vars(hours), **left})


def read_opening_hours(site_id: UUID, uow: Unit) -> dict[str, Any]:
    """None, of version 0, where none were ever set. Raises NotFound."""
    uow.places.site(site_id)
    return {"site_id": site_id, **vars(uow.opening.hours(site_id))}
