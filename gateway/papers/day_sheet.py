"""The day sheet on paper: for when the screens are dark."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from gateway.papers.writing import clock, local_day, long_day, page, row, words

Item = Mapping[str, Any]
_HEADS = ("Time", "Patient", "Born", "With", "For", "Room", "State", "")
STATES: Mapping[str, str] = {
    "proposed": "Proposed",
    "expected": "Expected",
    "late": "Late",
    "arrived": "Arrived",
    "in-room": "In room",
    "done": "Done",
    "cancelled": "Cancelled",
    "noshow": "Did not come",
}


def day_sheet(day: Mapping[str, Any], now: datetime) -> str:
    """The page of scheduling's answer to `day`."""
    zone, site, items = day["zone"], day["site"]["name"], day["items"]
    title = long_day(date.fromisoformat(day["on"]))
    printed = f"Printed {long_day(local_day(now, zone))}, {clock(now, zone)} · {len(items)} appointments · {zone}"
    rows = "\n".join(row("td", _cells(item, zone)) for item in items)
    empty = "" if items else "<p>Nobody is booked.</p>"
    body = (
        f'<h1>{words(site)}</h1>\n<p class="on">{words(title)}</p>\n<p class="printed">{words(printed)}</p>\n'
        f"<table>\n<thead>{row('th', [words(head) for head in _HEADS])}</thead>\n<tbody>\n{rows}\n</tbody>\n"
        f"</table>\n{empty}"
    )
    return page("day-sheet", f"{title} · {site}", body)


def _cells(item: Item, zone: str) -> list[str]:
    patient = item["patient"] or {}
    name = ", ".join(part for part in (patient.get("family"), patient.get("given")) if part)
    times = f"{clock(item['start_at'], zone)} to {clock(item['end_at'], zone)}"
    shown = [times, name, patient.get("birth_on"), item["practitioner_name"], item["type_name"], item["room_name"]]
    return [*map(words, shown), words(_state(item)), words(_notes(item, zone))]


def _state(item: Item) -> str:
    word = STATES.get(item["state"], item["state"])
    return f"{word}, confirmed" if item["stage"] == "confirmed" else word


def _notes(item: Item, zone: str) -> str:
    """What a person at the desk has to know beside the state."""
    notes = []
    if item["walk_in"]:
        notes.append("walk-in")
    if item["arrived_at"] and item["waiting_minutes"] is not None:
        notes.append(f"here {clock(item['arrived_at'], zone)}, waited {item['waiting_minutes']} min")
    if item["delay_minutes"] and item["state"] in ("expected", "late", "arrived"):
        notes.append(f"runs {item['delay_minutes']} min late")
    return "; ".join(notes)
