"""Finds the appointments of an earlier run in the book."""

from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from cli.imports.synthea.directory import Json, ReadingApi
from cli.imports.synthea.plan import Visit


def stamp(visit: Visit) -> str:
    """Its start as the API writes it."""
    return visit.start_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def is_booking(appointment: Json, wanted: Json) -> bool:
    """Whether this appointment is the one that `wanted` would book."""
    same = ("practitioner_id", "patient_id", "appointment_type_id", "start_at")
    return appointment["status"] != "cancelled" and all(appointment[name] == wanted[name] for name in same)


class Bookings:
    """Day sheets, each read once. An appointment is given out once: two equal visits are two appointments."""

    def __init__(self, api: ReadingApi, zones: dict[str, ZoneInfo]) -> None:
        self._api, self._zones = api, zones
        self._sheet = cache(self._read_sheet)
        self._given: set[str] = set()

    def find(self, visit: Visit, wanted: Json) -> Json | None:
        """What an earlier run booked for this visit."""
        on = visit.start_at.astimezone(self._zones[visit.site]).date()
        booked = (each for each in self._sheet(wanted["site_id"], on) if is_booking(each, wanted))
        found = next((each for each in booked if each["appointment_id"] not in self._given), None)
        if found:
            self._given.add(found["appointment_id"])
        return found

    def _read_sheet(self, site_id: str, on: date) -> list[Json]:
        items: list[Json] = self._api.get("/v1/appointments", site_id=site_id, on=on.isoformat())["items"]
        return items
