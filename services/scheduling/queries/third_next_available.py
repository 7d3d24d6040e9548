"""Third next available: a page of the network's appointment types, each with its third time at a site."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.scheduling.domain.places import Site
from services.scheduling.domain.zones import local_day
from services.scheduling.operations.third_next_available import third_times
from services.scheduling.queries import appointment_types
from services.scheduling.repository import SchedulingUnitOfWork
from shared.database.session import Row

# Each type is a search of its own, and an answer is due in three seconds.
MOST_A_PAGE = 25


def third_next_available(question: Mapping[str, Any], now: datetime, uow: SchedulingUnitOfWork) -> Row:
    """Those that may be booked, by name; a page may hold fewer than are asked for. Raises NotFound, Invalid."""
    site = uow.places.site(question["site_id"])
    asked = {**question, "limit": min(question["limit"], MOST_A_PAGE), "active": True}
    found = appointment_types(asked, uow)
    times = third_times(site, found["items"], uow, now)
    items = [
        {"appointment_type_id": name, "start_at": start_at, "days": _days_until(start_at, now, site)}
        for name, start_at in times.items()
    ]
    return found | {"items": items}


def _days_until(start_at: datetime | None, now: datetime, site: Site) -> int | None:
    zone = site.zone_info
    return None if start_at is None else (local_day(start_at, zone) - local_day(now, zone)).days
