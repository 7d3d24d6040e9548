"""Figures of a site's texts. domain/figures.py says what each of them counts."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notifications.domain.figures import figures_of
from services.notifications.domain.quiet_hours import instants_at
from services.notifications.repository import NotificationsUnitOfWork
from shared.database.session import Row
from shared.errors import NotFound
from shared.figure_days import days_asked


def figures(question: Mapping[str, Any], now: datetime, uow: NotificationsUnitOfWork) -> Row:
    """A row for each kind, window, version of a template and language. Raises NotFound, Invalid."""
    site_id = question["site_id"]
    zone = _zone(site_id, uow)
    days = days_asked(question, now.astimezone(zone).date())
    counted = uow.sql.all(
        "figures",
        network_id=uow.network_id,
        site_id=site_id,
        from_at=_start_of(days.first, zone),
        until_at=_start_of(days.last + timedelta(days=1), zone),
    )
    return {
        "site_id": site_id,
        "zone": zone.key,
        "from_on": days.first,
        "to_on": days.last,
        "items": figures_of(counted),
    }


def _zone(site_id: UUID, uow: NotificationsUnitOfWork) -> ZoneInfo:
    uow.asker.require_site(site_id)
    row = uow.sql.one("zone-of-site", network_id=uow.network_id, site_id=site_id)
    if row is None:
        raise NotFound
    return ZoneInfo(row["zone"])


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return instants_at(day, time(), zone)[0]
