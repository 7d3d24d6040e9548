"""Takes visits through the desk, many at a time: booked, arrived, finished; billing follows by itself.

First all are booked, in the order of their times, so that lanes suffice; a practitioner's visits go one after the
other, so that no two requests wait for one another's locks. Then patient by patient they arrive and are finished.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from cli.imports.synthea.bookings import Book, Bookings, stamp
from cli.imports.synthea.client import MOST_ITEMS, key_of
from cli.imports.synthea.directory import Directory, Json
from cli.imports.synthea.finishing import Payer, codes_of, coverages_of, payer_in, payer_of, rounds
from cli.imports.synthea.network import WritingApi, refusal, slug_of
from cli.imports.synthea.plan import Visit
from cli.imports.synthea.trails import Trail
from cli.imports.synthea.waiting import Patience
from shared.ids import new_id

_PENDING, _DONE_BEFORE = "encounter-pending", "encounter-already-finished"
T = TypeVar("T")


@dataclass(kw_only=True)
class Desk:
    """Sends visits with the ids of `directory`. `hands` is how many threads."""

    api: WritingApi
    directory: Directory
    patience: Patience = field(default_factory=Patience)
    hands: int = 3

    def __post_init__(self) -> None:
        self._bookings = Bookings(Book(self.api))

    def send(self, visits: Sequence[Visit], done: Callable[[int], None]) -> list[Trail]:
        """All of them; `done` is told how many went on. What stopped says why in its trail."""
        trails = [Trail(visit=visit) for visit in visits]
        self._share_out(_grouped(trails, lambda trail: trail.visit.practitioner), self._book, done)
        self._share_out(_grouped(trails, lambda trail: trail.visit.patient), self._see, done)
        return trails

    def _share_out(
        self, groups: Sequence[list[Trail]], work: Callable[[Sequence[Trail]], None], done: Callable[[int], None]
    ) -> None:
        """Small groups are joined, so that requests are full; what breaks in one thread breaks the import."""

        def run(trails: Sequence[Trail]) -> int:
            work([trail for trail in trails if not trail.stopped])
            return len(trails)

        with ThreadPoolExecutor(self.hands) as hands:
            for count in hands.map(run, _joined(groups)):
                done(count)

    def _book(self, trails: Sequence[Trail]) -> None:
        for part in _parts(sorted(trails, key=lambda trail: trail.visit.start_at)):
            wanted = [(trail, body) for trail in part if (body := self._wanted(trail)) is not None]
            items = [{"key": key_of("book", trail.visit.source_id), **body} for trail, body in wanted]
            self._tell("/v1/appointments/batch", [trail for trail, _ in wanted], items, Trail.note)

    def _wanted(self, trail: Trail) -> Json | None:
        """What is to be booked; None where that is impossible, or where an earlier run has done it."""
        visit, known = trail.visit, self.directory
        ids = {
            "site_id": known.sites.get(visit.site),
            "practitioner_id": known.practitioners.get(visit.practitioner),
            "patient_id": known.patients.get(visit.patient),
            "appointment_type_id": known.types.get(visit.minutes),
        }
        if not all(ids.values()):
            trail.stopped = "its site, practitioner or patient was refused"
            return None
        body = {**ids, "start_at": stamp(visit)}
        # Somebody who was registered just now has no appointment of an earlier run.
        there = self._bookings.find(visit, body) if visit.patient in known.known_patients else None
        if there:
            trail.note(there)
        return None if there else body

    def _see(self, trails: Sequence[Trail]) -> None:
        for part in _parts([trail for trail in trails if trail.status == "booked"]):
            items = [
                {"key": key_of("check-in", trail.visit.source_id), "appointment_id": trail.appointment_id}
                for trail in part
            ]
            self._tell("/v1/appointments/check-in/batch", part, items, Trail.note)
        payers: dict[str, Payer | None] = {}
        for together in rounds(trail for trail in trails if trail.status == "arrived" and not trail.stopped):
            self._cover(together, payers)
            for part in _parts([trail for trail in together if not trail.stopped]):
                self._finish(part)

    def _cover(self, trails: Sequence[Trail], payers: dict[str, Payer | None]) -> None:
        """Sets the coverage of those whose payer is another one than before."""
        first = {trail.visit.patient: trail.visit for trail in trails}
        for patient in first.keys() - payers.keys():
            payers[patient] = self._payer_now(patient)
        changed = [visit for patient, visit in first.items() if payers[patient] != payer_of(visit)]
        # A key of its own each time: an earlier run's answer would say that it is set, which may not be so any more.
        items = [
            {
                "key": str(new_id()),
                "patient_id": self.directory.patients[visit.patient],
                "coverages": coverages_of(payer_of(visit)),
            }
            for visit in changed
        ]
        refused: dict[str, str] = {}
        for visit, answer in zip(changed, self.api.batch("/v1/patients/coverages/batch", items), strict=True):
            payers[visit.patient] = payer_of(visit)
            if "problem" in answer:
                refused[visit.patient] = slug_of(answer["problem"])
        for trail in trails:
            if slug := refused.get(trail.visit.patient):
                trail.stopped = f"its payer was refused: {slug}"

    def _payer_now(self, patient: str) -> Payer | None:
        if patient not in self.directory.known_patients:
            return None
        return payer_in(self.api.get(f"/v1/patients/{self.directory.patients[patient]}"))

    def _finish(self, trails: Sequence[Trail]) -> None:
        """An encounter that is still being opened is asked for again."""
        todo = list(trails)

        def finished() -> bool:
            items = [
                {
                    "key": key_of("finish", trail.visit.source_id),
                    "encounter_id": trail.encounter_id,
                    **codes_of(trail.visit),
                }
                for trail in todo
            ]
            answers = self.api.batch("/v1/encounters/finish/batch", items)
            slugs = [slug_of(answer["problem"]) if "problem" in answer else "" for answer in answers]
            for trail, slug, answer in zip(todo, slugs, answers, strict=True):
                if slug not in ("", _PENDING, _DONE_BEFORE):
                    trail.stopped = refusal(answer["problem"])
            todo[:] = [trail for trail, slug in zip(todo, slugs, strict=True) if slug == _PENDING]
            return not todo

        if not self.patience.until(finished):
            for trail in todo:
                trail.stopped = "its encounter was not opened in time"

    def _tell(
        self, path: str, trails: Sequence[Trail], items: Sequence[Json], note: Callable[[Trail, Json], None]
    ) -> None:
        for trail, answer in zip(trails, self.api.batch(path, items), strict=True):
            if "body" in answer:
                note(trail, answer["body"])
            else:
                trail.stopped = refusal(answer["problem"])


def _grouped(trails: Iterable[Trail], key: Callable[[Trail], str]) -> list[list[Trail]]:
    groups: dict[str, list[Trail]] = {}
    for trail in trails:
        groups.setdefault(key(trail), []).append(trail)
    return list(groups.values())


def _joined(groups: Sequence[list[T]]) -> list[list[T]]:
    """Whole groups together, as long as they fill about five requests."""
    joined: list[list[T]] = []
    for group in groups:
        if joined and len(joined[-1]) + len(group) <= 5 * MOST_ITEMS:
            joined[-1] += group
        else:
            joined.append(list(group))
    return joined


def _parts(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[first : first + MOST_ITEMS] for first in range(0, len(items), MOST_ITEMS)]
