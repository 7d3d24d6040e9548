"""Where an address lies: its time zone, and its place on the globe.

A ZIP code decides the zone (`zip_zones.txt` says by whom). Without one a state does, where it lies in one zone (tz
database, `zone1970.tab`, and 49 CFR part 71); a state that two zones share decides nothing.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

Address = Mapping[str, Any]
Point = tuple[float, float]
"""Latitude and longitude in degrees."""

_STATES = {
    "America/New_York": (
        "CT Connecticut, DC District of Columbia, DE Delaware, GA Georgia, MA Massachusetts, MD Maryland, ME Maine, "
        "NC North Carolina, NH New Hampshire, NJ New Jersey, NY New York, OH Ohio, PA Pennsylvania, "
        "RI Rhode Island, SC South Carolina, VA Virginia, VT Vermont, WV West Virginia"
    ),
    "America/Chicago": (
        "AL Alabama, AR Arkansas, IA Iowa, IL Illinois, LA Louisiana, MN Minnesota, MO Missouri, MS Mississippi, "
        "OK Oklahoma, WI Wisconsin"
    ),
    "America/Denver": "CO Colorado, MT Montana, NM New Mexico, UT Utah, WY Wyoming",
    "America/Los_Angeles": "CA California, WA Washington",
    "Pacific/Honolulu": "HI Hawaii",
    "America/Puerto_Rico": "PR Puerto Rico",
}

_ZONES = {
    word.casefold(): zone
    for zone, states in _STATES.items()
    for state in states.split(", ")
    for word in state.split(" ", 1)
}
_HERE = frozenset({"", "us", "usa", "united states", "united states of america"})


def zone_of(address: Address) -> str | None:
    """The IANA zone of an address in the United States; None where the address does not decide it."""
    if (zip_code := _zip_of(address)) and (zone := _zone_of_zip(zip_code)):
        return zone
    return _ZONES.get(address.get("state", "").strip().casefold()) if _is_here(address) else None


def point_of(address: Address) -> Point | None:
    """The coordinates that it states itself; None where it states none."""
    stated = {name: float(value) for name, value in _stated(address).items()}
    return (stated["latitude"], stated["longitude"]) if stated.keys() >= {"latitude", "longitude"} else None


@cache
def _zones_by_prefix() -> dict[str, str]:
    found: dict[str, str] = {}
    zone = ""
    for line in Path(__file__).with_name("zip_zones.txt").read_text("utf-8").splitlines():
        if line.startswith(" "):
            found |= dict.fromkeys(line.split(), zone)
        else:
            zone = line
    return found


def _zone_of_zip(zip_code: str) -> str | None:
    zones = _zones_by_prefix()
    return next((zones[prefix] for end in range(1, 6) if (prefix := zip_code[:end]) in zones), None)


def _zip_of(address: Address) -> str | None:
    """Five digits, of a ZIP+4 the first five; leading zeros may have been lost on the way through a spreadsheet."""
    digits = address.get("postalCode", "").strip().split("-")[0]
    if not (_is_here(address) and digits.isascii() and digits.isdigit()):
        return None
    return digits[:5] if len(digits) in (5, 9) else digits.zfill(5) if len(digits) < 5 else None


def _is_here(address: Address) -> bool:
    return address.get("country", "").strip().casefold() in _HERE


def _stated(address: Address) -> dict[str, Any]:
    """Coordinates: FHIR's extension `geolocation`, or the columns of a CSV row."""
    found = {part["url"]: part["valueDecimal"] for each in address.get("extension", []) for part in _parts(each)}
    return found | {name: address[name] for name in ("latitude", "longitude") if name in address}


def _parts(extension: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if not extension.get("url", "").endswith("/geolocation"):
        return []
    return [part for part in extension.get("extension", []) if {"url", "valueDecimal"} <= part.keys()]
