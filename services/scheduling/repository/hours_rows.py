"""Working time as rows, and back."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from psycopg2.extras import Json

from services.scheduling.domain.opening import Opening, OpeningWeek
from services.scheduling.domain.patterns import Pattern, Stay
from services.scheduling.domain.spans import Span
from services.scheduling.domain.time_exceptions import CLOSED_KINDS
from services.scheduling.domain.weeks import WeeklyHours
from services.scheduling.domain.working_hours import WorkingHours
from shared.database.session import Row


def hours_of(resource_id: UUID, site_id: UUID, row: Row) -> WorkingHours:
    """Everything that says when the resource works there. A room or a device is a row with its capacity."""
    hours = _thing(resource_id, site_id, row) if row.get("capacity") else set_hours(resource_id, site_id, row)
    exceptions = row["exceptions"] or ()
    return replace(
        hours,
        extra=_spans(exceptions, ("extra",)),
        off=_spans(exceptions, ("leave", "blocked")),
        opening=Opening(weeks=weeks_of(row["opening"] or ()), closed=_spans(exceptions, CLOSED_KINDS)),
    )


def set_hours(practitioner_id: UUID, site_id: UUID, row: Row) -> WorkingHours:
    """What was set of the practitioner: week, patterns, stays. Nothing, of version 0, where the row has no version."""
    if row["version"] is None:
        return WorkingHours(practitioner_id=practitioner_id, site_id=site_id)
    return WorkingHours(
        practitioner_id=practitioner_id,
        site_id=site_id,
        lanes=row["lanes"],
        weekly=_week(row["weekly"] or ()),
        patterns=tuple(_pattern(it) for it in row["patterns"]),
        stays=tuple(Stay(from_on=_day(it["from_on"]), until_on=_day(it["until_on"])) for it in row["stays"]),
        version=row["version"],
    )


def _thing(resource_id: UUID, site_id: UUID, row: Row) -> WorkingHours:
    """A room or a device: there all day while it is in use."""
    used = Stay(from_on=row["from_on"], until_on=row["until_on"])
    return WorkingHours(
        practitioner_id=resource_id, site_id=site_id, lanes=row["capacity"], all_day=row["active"], stays=(used,)
    )


def weeks_of(weeks: Iterable[dict[str, Any]]) -> tuple[OpeningWeek, ...]:
    """Opening hours, of what `weeks_row` wrote."""
    return tuple(OpeningWeek(from_on=_day(it["from_on"]), weekly=_week(it["weekly"])) for it in weeks)


def weeks_row(weeks: Iterable[OpeningWeek]) -> Json:
    return Json(
        [{"from_on": _text(it.from_on), "weekly": [[d.weekday, d.starts, d.ends] for d in it.weekly]} for it in weeks]
    )


def patterns_row(patterns: Iterable[Pattern]) -> Json:
    return Json([vars(it) | _dates(it) for it in patterns])


def stays_row(stays: Iterable[Stay]) -> Json:
    return Json([_dates(it) for it in stays])


def _dates(it: Pattern | Stay) -> dict[str, str | None]:
    return {"from_on": _text(it.from_on), "until_on": _text(it.until_on)}


def _week(rows: Iterable[Any]) -> tuple[WeeklyHours, ...]:
    return tuple(WeeklyHours(weekday=day, starts=starts, ends=ends) for day, starts, ends in rows)


def _pattern(row: dict[str, Any]) -> Pattern:
    return Pattern(**row | {"from_on": _day(row["from_on"]), "until_on": _day(row["until_on"])})


def _spans(exceptions: Iterable[Any], kinds: tuple[str, ...]) -> tuple[Span, ...]:
    return tuple(_span(*span) for kind, *span in exceptions if kind in kinds)


def _span(
    from_on: str | None, until_on: str | None, starts: int, ends: int, start_at: str | None, end_at: str | None
) -> Span:
    return Span(
        from_on=_day(from_on),
        until_on=_day(until_on),
        starts=starts,
        ends=ends,
        start_at=_instant(start_at),
        end_at=_instant(end_at),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
