"""The appointments that are in the book: those of an earlier run, and what became of them."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain
from threading import Lock

from cli.imports.synthea.directory import Json, ReadingApi
from cli.imports.synthea.plan import Visit

_SAME = ("practitioner_id", "patient_id", "appointment_type_id", "start_at")
_LONGEST_PAGE = 200


def stamp(visit: Visit) -> str:
    """Its start as the API writes it."""
    return visit.start_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def is_booking(appointment: Json, wanted: Json) -> bool:
    """Whether this appointment is the one that `wanted` would book."""
    return appointment["status"] != "cancelled" and all(appointment[name] == wanted[name] for name in _SAME)


class Book:
    """A site's appointments by their starts; each site is read once."""

    def __init__(self, api: ReadingApi) -> None:
        self._api = api
        self._whole = cache(self._read)

    def at(self, site_id: str, start_at: str) -> list[Json]:
        """Those that start then."""
        return self._whole(site_id).get(start_at, [])

    def all(self, site_id: str) -> Iterator[Json]:
        """Every one."""
        return chain.from_iterable(self._whole(site_id).values())

    def _read(self, site_id: str) -> dict[str, list[Json]]:
        by_start: dict[str, list[Json]] = defaultdict(list)
        for each in self._api.all("/v1/appointments", site_id=site_id, limit=_LONGEST_PAGE):
            by_start[each["start_at"]].append(each)
        return by_start


class Bookings:
    """Finds visits in the book. An appointment is given out once: two equal visits are two appointments."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._given: set[str] = set()
        self._giving = Lock()

    def find(self, visit: Visit, wanted: Json) -> Json | None:
        """What an earlier run booked for this visit."""
        booked = [each for each in self._book.at(wanted["site_id"], stamp(visit)) if is_booking(each, wanted)]
        with self._giving:
            found = next((each for each in booked if each["appointment_id"] not in self._given), None)
            if found:
                self._given.add(found["appointment_id"])
        return found
