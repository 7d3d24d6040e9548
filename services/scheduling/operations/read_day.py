"""The day sheet of a site, whole or as what changed since."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.scheduling.domain.clinic_day import state_of, waiting_minutes
from services.scheduling.domain.life import stage_of
from services.scheduling.domain.zones import day_range, local_day
from services.scheduling.operations.ports import Unit
from shared.clock import Clock


def read_day(
    site_id: UUID,
    on: date | None,
    uow: Unit,
    clock: Clock,
    practitioner_id: UUID | None = None,
    room_id: UUID | None = None,
) -> dict[str, Any]:
    """The site's local day `on` (today where None) and the token for `read_day_changes`. Raises NotFound.

    Of one practitioner, or of one room, where that is asked; another's site has none of either.
    """
    site = uow.places.site(site_id)
    now = clock.now()
    today = local_day(now, site.zone_info)
    day = on or today
    after = uow.days.token()
    items = uow.days.items(site_id, day_range(day, site.zone_info), None, practitioner_id, room_id)
    shown = [shown_at(item, now) for item in items]
    return {"site": site, "on": day, "today": today, "zone": site.zone, "items": shown, "after": after}


def read_day_changes(site_id: UUID, on: date | None, after: int, uow: Unit, clock: Clock) -> dict[str, Any]:
    """What changed since the token: items of that day, and appointments that are no longer of it. Raises NotFound."""
    site = uow.places.site(site_id)
    now = clock.now()
    today = local_day(now, site.zone_info)
    during = day_range(on or today, site.zone_info)
    token = uow.days.token()
    items = [shown_at(item, now) for item in uow.days.items(site_id, during, after)]
    return {"items": items, "gone": uow.days.gone(site_id, during, after), "today": today, "after": token}


def shown_at(item: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A line of the sheet, with what follows from the present moment."""
    times = {name: item[name] for name in ("in_room_at", "done_at")}
    stage = stage_of(item["status"], item["confirmed_at"], **times)
    return item | {
        "state": state_of(stage, item["start_at"], now),
        "waiting_minutes": waiting_minutes(stage, item["arrived_at"], **times, now=now),
    }
