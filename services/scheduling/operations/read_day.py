"""The day sheet of a site, whole or as what changed since."""

from datetime import date
from typing import Any
from uuid import UUID

from services.scheduling.domain.zones import day_range, local_day
from services.scheduling.operations.ports import Unit
from shared.clock import Clock


def read_day(site_id: UUID, on: date | None, uow: Unit, clock: Clock) -> dict[str, Any]:
    """The site's local day `on` (today where None) and the token for `read_day_changes`. Raises NotFound."""
    site = uow.places.site(site_id)
    today = local_day(clock.now(), site.zone_info)
    day = on or today
    after = uow.days.token()
    items = uow.days.items(site_id, day_range(day, site.zone_info))
    return {"site": site, "on": day, "today": today, "zone": site.zone, "items": items, "after": after}


def read_day_changes(site_id: UUID, on: date | None, after: int, uow: Unit, clock: Clock) -> dict[str, Any]:
    """What changed since the token: items of that day, and appointments that are no longer of it. Raises NotFound."""
    site = uow.places.site(site_id)
    today = local_day(clock.now(), site.zone_info)
    during = day_range(on or today, site.zone_info)
    token = uow.days.token()
    items = uow.days.items(site_id, during, after)
    return {"items": items, "gone": uow.days.gone(site_id, during, after), "today": today, "after": token}
