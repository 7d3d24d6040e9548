"""The rules of valid absences, searches, series and wishes that a schema has no words for."""

from collections.abc import Callable
from typing import Any


def figures(case: Any) -> None:
    """At most a hundred days."""
    case.query |= {"from_on": "2026-11-01", "to_on": "2026-11-30"}


def absence(case: Any) -> None:
    """It ends after it begins, and is not over."""
    case.body |= {"from_at": "2027-07-05T13:00:00Z", "until_at": "2027-07-05T17:00:00Z"}


def search(case: Any) -> None:
    """Parts of the day end after they begin; a distance is from somewhere that there is."""
    body = case.body
    for part in body.get("hours", []):
        part |= {"starts": "08:00", "ends": "12:00"}
    if body.get("near_zip") or "within_miles" in body or body.get("sort") == "distance":
        body["near_zip"] = "10001"


def series(case: Any) -> None:
    """Days from the first visit on; a choice is for one of them."""
    body = case.body
    body |= {"start_at": "2027-07-05T14:00:00Z"}
    body |= {"dates": ["2027-07-05", "2027-07-12"]} if "dates" in body else {"rrule": "FREQ=WEEKLY;COUNT=4"}
    body.pop("choices", None)


def wish(case: Any) -> None:
    """Hours and days in order, and neither alone where it needs the other."""
    body = case.body
    body |= {"starts": "08:00", "ends": "12:00"} if body.keys() & {"starts", "ends"} else {}
    body |= {"from_on": "2027-07-05", "until_on": "2027-07-30"} if body.keys() & {"from_on", "until_on"} else {}


RULES: dict[str, Callable[[Any], None]] = {
    "GET /v1/figures/scheduling": figures,
    "GET /v1/figures/texting": figures,
    "POST /v1/absences": absence,
    "POST /v1/free-times/search": search,
    "POST /v1/series": series,
    "POST /v1/series/check": series,
    "POST /v1/waitlist": wish,
    "PATCH /v1/waitlist/{entry_id}": wish,
}
