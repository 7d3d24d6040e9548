"""Figures of a site. domain/figures.py says what each of them counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.scheduling.domain.figures import By, nothing, periods, rates, working_minutes
from services.scheduling.domain.places import Site
from services.scheduling.domain.working_hours import WorkingHours
from services.scheduling.domain.zones import day_range, local_day, start_of_day
from services.scheduling.repository import SchedulingUnitOfWork
from shared.database.session import Row
from shared.figure_days import Days, days_asked


@dataclass(frozen=True)
class _Question:
    site: Site
    by: By
    whole: Days
    cut: list[Days]


def figures(question: Mapping[str, Any], now: datetime, uow: SchedulingUnitOfWork) -> Row:
    """A row for each period, and each practitioner or appointment type where asked for. Raises NotFound, Invalid."""
    site = uow.places.site(question["site_id"])
    today = local_day(now, site.zone_info)
    asked = _asked(question, site, today)
    return {
        "site_id": site.site_id,
        "zone": site.zone,
        "from_on": asked.whole.first,
        "to_on": asked.whole.last,
        "items": _rows(asked, _hours(asked, uow), uow),
    }


def _asked(question: Mapping[str, Any], site: Site, today: date) -> _Question:
    whole = days_asked(question, today)
    return _Question(site, question["by"], whole, periods(whole, question["period"]))


def _rows(asked: _Question, hours: Mapping[UUID, WorkingHours], uow: SchedulingUnitOfWork) -> list[Row]:
    counted = _counted(asked, uow)
    rows: list[Row] = []
    for days in asked.cut:
        minutes = {whose: working_minutes(each, days, asked.site.zone_info) for whose, each in hours.items()}
        found = [row for row in counted if row["from_on"] == days.first]
        found += _without_any(asked.by, found, minutes, days.first)
        rows += [
            row | {"to_on": days.last} | rates(row, _working(asked.by, row["practitioner_id"], minutes))
            for row in found
        ]
    return sorted(rows, key=lambda row: (row["from_on"], str(row["practitioner_id"]), str(row["appointment_type_id"])))


def _counted(asked: _Question, uow: SchedulingUnitOfWork) -> list[Row]:
    zone = asked.site.zone_info
    return uow.sql.all(
        "figures",
        network_id=uow.network_id,
        site_id=asked.site.site_id,
        by=asked.by,
        from_at=day_range(asked.whole.first, zone).start_at,
        until_at=day_range(asked.whole.last, zone).end_at,
        starts=[start_of_day(days.first, zone) for days in asked.cut],
        firsts=[days.first for days in asked.cut],
    )


def _without_any(by: By, found: Sequence[Row], minutes: Mapping[UUID, int], first: date) -> list[Row]:
    """Rows of those who work and have no appointment: an empty day fills nothing, and says so."""
    if by == "appointment_type":
        return []
    known = {row["practitioner_id"] for row in found}
    wanted = {None} if by == "site" else {each for each, worked in minutes.items() if worked}
    return [nothing(each, first) | {"appointment_type_id": None} for each in wanted - known]


def _working(by: By, practitioner_id: UUID | None, minutes: Mapping[UUID, int]) -> int:
    """Of a type the site's whole: its fill rate is its share of the site's time."""
    return minutes.get(practitioner_id, 0) if practitioner_id is not None else sum(minutes.values())


def _hours(asked: _Question, uow: SchedulingUnitOfWork) -> dict[UUID, WorkingHours]:
    site = asked.site
    rows = uow.sql.all("practitioners-of-site", network_id=uow.network_id, site_id=site.site_id)
    begins_at = start_of_day(asked.whole.first, site.zone_info)
    return uow.schedules.hours_at(site.site_id, begins_at, [row["practitioner_id"] for row in rows])
