"""A practitioner's calendar as iCalendar (RFC 5545): what calendar programs subscribe to."""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from gateway.calendars.zones import vtimezone

MEDIA_TYPE = "text/calendar"
# Part of every ETag: raised when the same appointments are written another way.
_WAY_OF_WRITING = 1
_REFRESH = timedelta(minutes=15)
# What FHIR's statuses are in iCalendar; every other is CONFIRMED.
_STATUS = {"cancelled": "CANCELLED", "entered-in-error": "CANCELLED", "proposed": "TENTATIVE"}
# So many are written before others get their turn.
_AT_A_TIME = 50

Json = Mapping[str, Any]


def etag_of_calendar(calendar: Json, now: datetime) -> str:
    """The strong tag: the same appointments in the same year are the same bytes."""
    told = json.dumps([_WAY_OF_WRITING, now.year, calendar], sort_keys=True)
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def rendered(calendar: Json, now: datetime) -> bytes:
    """The calendar's bytes. `calendar` is scheduling's answer to `calendar`."""
    whole = Calendar()
    whole.add("prodid", "-//Frontdesk//Calendar//EN")
    whole.add("version", "2.0")
    whole.add("x-wr-calname", calendar["practitioner_name"])
    whole.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    head, end = whole.to_ical().split(b"END:VCALENDAR")
    zones = sorted({item["zone"] for item in calendar["items"]} - {"UTC"})
    parts = [vtimezone(zone, now.year - 1, now.year + 1) for zone in zones]
    return b"".join([head, *parts, *_events(calendar["items"]), b"END:VCALENDAR", end])


def _events(items: list[Json]) -> Iterator[bytes]:
    for place, item in enumerate(items):
        if place % _AT_A_TIME == 0:
            time.sleep(0)  # green here: others get their turn
        yield _event(item).to_ical()


def _event(item: Json) -> Event:
    """One appointment. DTSTAMP is when it last changed, as in every calendar without a METHOD (RFC 5545, 3.8.7.2)."""
    event, status = Event(), _STATUS.get(item["status"], "CONFIRMED")
    start_at, end_at = _at(item["start_at"]), _at(item["end_at"])
    shown = _in_zone(start_at, end_at, item["zone"])
    event.add("uid", f"{item['appointment_id']}@frontdesk")
    event.add("sequence", item["version"])
    event.add("dtstamp", _at(item["changed_at"]))
    event.add("last-modified", _at(item["changed_at"]))
    event.add("created", _at(item["booked_at"]))
    event.add("dtstart", shown[0])
    event.add("dtend", shown[1])
    event.add("status", status)
    event.add("transp", "TRANSPARENT" if status == "CANCELLED" else "OPAQUE")
    event.add("class", "PRIVATE")
    event.add("summary", f"{item['type_name']}: {item['patient']}" if item["patient"] else item["type_name"])
    event.add("location", item["site_name"])
    return event


def _in_zone(start_at: datetime, end_at: datetime, name: str) -> tuple[datetime, datetime]:
    """On the site's wall clock. Where an autumn change repeats an hour a local time means its first pass (RFC 5545,
    3.3.5), so what touches the second pass is said in UTC."""
    zone = ZoneInfo(name)
    start, end = start_at.astimezone(zone), end_at.astimezone(zone)
    return (start_at, end_at) if start.fold or end.fold or name == "UTC" else (start, end)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)
