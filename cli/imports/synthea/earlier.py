"""Finds by how many weeks an earlier run moved the same source, so that a second run finds its visits again.

The book holds no ids of the source. A patient's first visit is looked for at its place in the week, a year around: at
the earlier run's weeks it is there. Elsewhere it can be met only by chance, by a later visit of the same patient to the
same practitioner at the same hour; so the weeks at which most patients are found are taken, of equal ones
the least.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from cli.imports.synthea.bookings import Book, is_booking, stamp
from cli.imports.synthea.directory import Directory, ReadingApi
from cli.imports.synthea.plan import ImportPlan, Visit
from cli.imports.synthea.window import moved

_PATIENTS = 8
_WEEKS_AROUND = 60


def weeks_of_earlier_run(plan: ImportPlan, directory: Directory, api: ReadingApi) -> int | None:
    """The earlier run's weeks; None where there was none."""
    zones = {site.source_id: ZoneInfo(site.zone) for site in plan.sites}
    samples, book = _first_visits(plan, directory), Book(api)
    found: dict[int, int] = {}
    for weeks in _nearest_first(plan.weeks_later) if samples else ():
        found[weeks] = sum(_is_there(visit, weeks, zones[visit.site], directory, book) for visit in samples)
        if found[weeks] == len(samples) > 1:
            return weeks
    best = max(found.values(), default=0)
    return min(weeks for weeks, count in found.items() if count == best) if best else None


def _first_visits(plan: ImportPlan, directory: Directory) -> Sequence[Visit]:
    first: dict[str, Visit] = {}
    for visit in plan.visits:
        if visit.patient in directory.known_patients:
            first.setdefault(visit.patient, visit)
    return list(first.values())[:_PATIENTS]


def _nearest_first(weeks: int) -> Iterator[int]:
    """Back first, since time has gone on; then ahead, since a simulated clock may have been set back."""
    yield from range(weeks, weeks - _WEEKS_AROUND, -1)
    yield from range(weeks + 1, weeks + _WEEKS_AROUND)


def _is_there(visit: Visit, weeks: int, zone: ZoneInfo, directory: Directory, book: Book) -> bool:
    start_at = moved(visit.source_start_at, weeks, zone)
    site_id, who = directory.sites.get(visit.site), directory.practitioners.get(visit.practitioner)
    if start_at is None or site_id is None or who is None:
        return False
    at = stamp(replace(visit, start_at=start_at))
    wanted = {
        "practitioner_id": who,
        "patient_id": directory.patients[visit.patient],
        "appointment_type_id": directory.types.get(visit.minutes),
        "start_at": at,
    }
    return any(is_booking(each, wanted) for each in book.at(site_id, at))
