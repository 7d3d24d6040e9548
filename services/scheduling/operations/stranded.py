"""Booked visits that no longer lie in working time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.scheduling.domain.stranded import Visit, stranded
from services.scheduling.operations.ports import Unit
from shared.clock import Clock

# A change names so many; the list names all.
_MOST = 500


def find_stranded(site_id: UUID, uow: Unit, clock: Clock) -> list[dict[str, Any]]:
    """All of the site's visits from now on that do not lie in working time, by their start. Raises NotFound."""
    uow.places.site(site_id)
    return [_shown(visit) for visit in _stranded(site_id, None, uow, clock.now())]


def stranded_at(
    site_ids: Sequence[UUID], resource_ids: Sequence[UUID] | None, uow: Unit, now: datetime
) -> dict[str, Any]:
    """What a change leaves stranded of these resources (None: of all) at those sites, for the change's answer. After
    the rows of the change. Raises NotFound for a site that the asker may not see: nobody changes what is there."""
    found = [visit for site_id in site_ids for visit in _stranded(site_id, resource_ids, uow, now)]
    return {"stranded": [_shown(visit) for visit in found[:_MOST]], "stranded_more": len(found) > _MOST}


def _stranded(site_id: UUID, resource_ids: Sequence[UUID] | None, uow: Unit, now: datetime) -> list[Visit]:
    visits = uow.schedules.coming_visits(site_id, now, resource_ids)
    if not visits:
        return []
    hours = uow.schedules.hours_at(site_id, now, resource_ids)
    return stranded(visits, hours, uow.places.site(site_id).zone_info)


def _shown(visit: Visit) -> dict[str, Any]:
    return vars(visit) | {"start_at": visit.during.start_at, "end_at": visit.during.end_at}
