"""Takes visits through the desk: booked, arrived, finished, billed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from cli.api import ApiRefused
from cli.imports.synthea.batches import batches
from cli.imports.synthea.bookings import Bookings, stamp
from cli.imports.synthea.client import key_of
from cli.imports.synthea.directory import Directory, Json
from cli.imports.synthea.network import WritingApi
from cli.imports.synthea.plan import Visit
from cli.imports.synthea.terms import Terms
from cli.imports.synthea.waiting import Patience

_POINTERS = range(1, 5)  # a service line points at four diagnoses at most (X12 837P, SV107)


@dataclass(kw_only=True)
class Trail:
    """How far a visit came. `stopped` is the reason why it went no further."""

    visit: Visit
    appointment_id: str = ""
    encounter_id: str = ""
    status: str = ""
    stopped: str = ""

    def note(self, appointment: Json) -> None:
        """What the API says of its appointment."""
        self.appointment_id, self.status = appointment["appointment_id"], appointment["status"]
        self.encounter_id = appointment.get("encounter_id") or ""


@dataclass(kw_only=True)
class Desk:
    """Sends visits with the ids of `directory`. `zones` are the sites' zones by source id."""

    api: WritingApi
    directory: Directory
    zones: dict[str, ZoneInfo]
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        self._bookings = Bookings(self.api, self.zones)
        self._terms = Terms(self.api, self.directory)

    def send(self, visits: Iterable[Visit], done: Callable[[Visit], None]) -> list[Trail]:
        """All of them, run by run; `done` is told of each. What stopped says why in its trail."""
        trails: list[Trail] = []
        for batch in batches(visits):
            run = [Trail(visit=visit) for visit in batch]
            self._send_run(run, done)
            trails += run
        return trails

    def _send_run(self, run: Sequence[Trail], done: Callable[[Visit], None]) -> None:
        for trail in run:
            self._step(trail, self._find_or_book)
        self._price([trail for trail in run if trail.status != "fulfilled"])
        for step in (self._check_in, self._finish, self._see_billed):
            for trail in run:
                self._step(trail, step)
        for trail in run:
            done(trail.visit)

    def _step(self, trail: Trail, step: Callable[[Trail], None]) -> None:
        if trail.stopped:
            return
        try:
            step(trail)
        except ApiRefused as refused:
            trail.stopped = f"refused: {refused.slug}"

    def _find_or_book(self, trail: Trail) -> None:
        body = self._booking(trail.visit)
        if body is None:
            trail.stopped = "its site, practitioner or patient was refused"
            return
        # Somebody who was registered just now has no appointment of an earlier run.
        known = trail.visit.patient in self.directory.known_patients
        there = self._bookings.find(trail.visit, body) if known else None
        trail.note(there or self.api.post("/v1/appointments", body, key_of("book", trail.visit.source_id)))

    def _booking(self, visit: Visit) -> Json | None:
        ids = {
            "site_id": self.directory.sites.get(visit.site),
            "practitioner_id": self.directory.practitioners.get(visit.practitioner),
            "patient_id": self.directory.patients.get(visit.patient),
            "appointment_type_id": self.directory.types.get(visit.minutes),
        }
        return {**ids, "start_at": stamp(visit)} if all(ids.values()) else None

    def _price(self, run: Sequence[Trail]) -> None:
        try:
            self._terms.set_fees(trail.visit for trail in run)
        except ApiRefused as refused:  # no visit may be billed at another's price
            for trail in run:
                trail.stopped = trail.stopped or f"its prices were refused: {refused.slug}"

    def _check_in(self, trail: Trail) -> None:
        if trail.status == "booked":
            path = f"/v1/appointments/{trail.appointment_id}/check-in"
            trail.note(self.api.post(path, key=key_of("check-in", trail.visit.source_id)))

    def _finish(self, trail: Trail) -> None:
        if trail.status == "fulfilled":
            return
        status = self._status_once_opened(trail)
        if status == "pending":
            trail.stopped = "its encounter was not opened in time"
        elif status == "in-progress":
            self._terms.set_payer(trail.visit)
            path = f"/v1/encounters/{trail.encounter_id}/finish"
            self.api.post(path, codes_of(trail.visit), key_of("finish", trail.visit.source_id))

    def _status_once_opened(self, trail: Trail) -> str:
        status = "pending"

        def opened() -> bool:
            nonlocal status
            status = str(self.api.get(f"/v1/encounters/{trail.encounter_id}")["status"])
            return status != "pending"

        self.patience.until(opened)
        return status

    def _see_billed(self, trail: Trail) -> None:
        path = "/v1/claims" if trail.visit.is_claimed else "/v1/charges"
        if not trail.visit.is_claimed and not trail.visit.is_charged:
            return
        if not self.patience.until(lambda: bool(self.api.get(path, encounter_id=trail.encounter_id)["items"])):
            trail.stopped = "billing did not answer in time"


def codes_of(visit: Visit) -> Json:
    """What finishes its encounter. The source links no line to a diagnosis, so each points at the first four."""
    pointers = [place for place in _POINTERS if place <= len(visit.diagnoses)]
    return {
        "diagnoses": [{"system": each.system, "code": each.code} for each in visit.diagnoses],
        "procedures": [
            {"system": line.coding.system, "code": line.coding.code, "units": 1, "diagnosis_pointers": pointers}
            for line in visit.lines
        ],
    }
