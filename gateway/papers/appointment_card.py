"""The appointment card: what a patient takes home. It says when, where and with whom, and never why."""

from collections.abc import Mapping
from typing import Any

from gateway.papers.writing import clock, local_day, long_day, page, words, zone_word

# A card of one that is off would send a patient here for nothing.
_OFF: Mapping[str, str] = {"cancelled": "This appointment was cancelled.", "noshow": "This appointment was missed."}


def appointment_card(card: Mapping[str, Any]) -> str:
    """The page of scheduling's answer to `appointment_card`."""
    site, visit = card["site"], card["appointment"]
    zone, start_at = visit["zone"], visit["start_at"]
    patient = visit["patient"] or {}
    name = " ".join(part for part in (patient.get("given"), patient.get("family")) if part)
    when = f"{clock(start_at, zone)} {zone_word(start_at, zone)}"
    lines = [
        ("off", _OFF.get(visit["status"])),
        ("proposed", "Please accept or decline this appointment." if visit["status"] == "proposed" else None),
        ("patient", name),
        ("day", long_day(local_day(start_at, zone))),
        ("time", when),
        ("with", visit["practitioner_name"]),
        ("site", site["name"]),
        ("phone", f"Questions? Call {site['phone']}." if site.get("phone") else None),
    ]
    body = "\n".join(f'<p class="{kind}">{words(text)}</p>' for kind, text in lines if text)
    return page("card", f"Appointment · {site['name']}", f"<main>\n<h1>Your appointment</h1>\n{body}\n</main>")
