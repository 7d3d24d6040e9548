"""The rules of valid hours, days and spans that a schema has no words for: how random requests are put right."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

_RULE = "FREQ=WEEKLY;BYDAY=MO"


def stretches(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each ends after it starts, and none overlaps another: one stretch a day."""
    for each in found:
        _in_order(each)
    return list({each["weekday"]: each for each in found}.values())


def working_hours(case: Any) -> None:
    body = case.body
    if not body.keys() & {"weekly", "patterns"}:
        body["weekly"] = []
    if "weekly" in body:
        body["weekly"] = stretches(body["weekly"])
    for pattern in body.get("patterns", []):
        _in_order(pattern)
        pattern["rrule"] = _RULE
        pattern.pop("until_on", None)
        if body.get("from_on"):
            pattern.pop("from_on", None)


def opening_hours(case: Any) -> None:
    weeks = {week.get("from_on"): week for week in case.body["weeks"]}
    for week in weeks.values():
        week["weekly"] = stretches(week["weekly"])
    case.body["weeks"] = list(weeks.values())


def stays(case: Any) -> None:
    case.body["stays"] = case.body["stays"][:1]
    for stay in case.body["stays"]:
        _days_in_order(stay)


def span(case: Any) -> None:
    """Days with hours on each, or two instants."""
    body = case.body
    if body.get("from_on"):
        for name in ("start_at", "end_at"):
            body.pop(name, None)
        until_on = date.fromisoformat(body["from_on"]) + timedelta(days=3)
        if body.get("until_on"):
            body["until_on"] = min(str(until_on), "2199-12-31")
    else:
        body.pop("until_on", None)
        body["start_at"], body["end_at"] = "2027-07-05T13:00:00Z", "2027-07-05T17:00:00Z"
    body |= {"starts": "09:00", "ends": "17:00"} if body.keys() & {"starts", "ends"} else {}
    if body.get("kind") in ("extra", "blocked"):
        body.setdefault("site_id", str(uuid4()))


def days_in_use(case: Any) -> None:
    _days_in_order(case.body)


def changed_days_in_use(case: Any) -> None:
    """Both or neither: the one that is not changed may lie anywhere."""
    if case.body.keys() & {"from_on", "until_on"}:
        case.body |= {"from_on": case.body.get("from_on"), "until_on": case.body.get("until_on")}
    _days_in_order(case.body)


def _in_order(each: dict[str, Any]) -> None:
    each["starts"], each["ends"] = sorted((each["starts"], each["ends"]))
    if each["starts"] == each["ends"]:
        each["starts"], each["ends"] = "09:00", "17:00"


def _days_in_order(each: dict[str, Any]) -> None:
    if each.get("from_on") and each.get("until_on"):
        each["from_on"], each["until_on"] = sorted((each["from_on"], each["until_on"]))


def quiet_hours(case: Any) -> None:
    quiet = case.body.get("quiet") or {}
    if quiet and quiet["starts"] == quiet["ends"]:
        quiet["ends"] = "08:00" if quiet["starts"] != "08:00" else "09:00"


RULES: dict[str, Callable[[Any], None]] = {
    "PUT /v1/working-hours": working_hours,
    "PUT /v1/sites/{site_id}/opening-hours": opening_hours,
    "PUT /v1/practitioners/{practitioner_id}/sites/{site_id}": stays,
    "POST /v1/working-exceptions": span,
    "POST /v1/resources/{resource_id}/blocked-times": span,
    "POST /v1/closures": span,
    "POST /v1/resources": days_in_use,
    "PATCH /v1/resources/{resource_id}": changed_days_in_use,
    "PUT /v1/texting-limits": quiet_hours,
}
