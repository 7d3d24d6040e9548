"""Takes visits through the desk: booked, arrived, finished, billed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from cli.api import ApiRefused
from cli.imports.synthea.batches import Fees, batches, fees_of
from cli.imports.synthea.client import key_of
from cli.imports.synthea.directory import Directory, Json
from cli.imports.synthea.network import WritingApi
from cli.imports.synthea.plan import Visit
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


@dataclass(kw_only=True)
class Desk:
    """Sends visits with the ids of `directory`. `zones` are the sites' zones by source id."""

    api: WritingApi
    directory: Directory
    zones: dict[str, ZoneInfo]
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        self._fees: Fees = {}
        self._payers: dict[str, str | None] = {}
        self._taken: set[str] = set()  # two equal visits of the source are two appointments
        self._sheet = cache(self._read_sheet)

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
        there = self._find_booked(trail.visit, body)
        self._note(trail, there or self.api.post("/v1/appointments", body, key_of("book", trail.visit.source_id)))

    def _booking(self, visit: Visit) -> Json | None:
        ids = {
            "site_id": self.directory.sites.get(visit.site),
            "practitioner_id": self.directory.practitioners.get(visit.practitioner),
            "patient_id": self.directory.patients.get(visit.patient),
            "appointment_type_id": self.directory.types.get(visit.minutes),
        }
        return {**ids, "start_at": stamp(visit)} if all(ids.values()) else None

    def _find_booked(self, visit: Visit, body: Json) -> Json | None:
        """The appointment of an earlier run. Somebody who was registered just now has none."""
        if visit.patient not in self.directory.known_patients:
            return None
        on = visit.start_at.astimezone(self.zones[visit.site]).date()
        booked = [each for each in self._sheet(body["site_id"], on) if is_booking(each, body)]
        free = (each for each in booked if each["appointment_id"] not in self._taken)
        found = next(free, None)
        self._taken |= {found["appointment_id"]} if found else set()
        return found

    def _read_sheet(self, site_id: str, on: date) -> list[Json]:
        items: list[Json] = self.api.get("/v1/appointments", site_id=site_id, on=on.isoformat())["items"]
        return items

    def _check_in(self, trail: Trail) -> None:
        if trail.status == "booked":
            path = f"/v1/appointments/{trail.appointment_id}/check-in"
            self._note(trail, self.api.post(path, key=key_of("check-in", trail.visit.source_id)))

    def _finish(self, trail: Trail) -> None:
        if trail.status == "fulfilled":
            return
        path = f"/v1/encounters/{trail.encounter_id}"
        if not self.patience.until(lambda: self.api.get(path)["status"] != "pending"):
            trail.stopped = "its encounter was not opened in time"
            return
        self._set_payer(trail.visit)
        if self.api.get(path)["status"] == "in-progress":
            self.api.post(f"{path}/finish", codes_of(trail.visit), key_of("finish", trail.visit.source_id))

    def _see_billed(self, trail: Trail) -> None:
        path = "/v1/claims" if trail.visit.is_claimed else "/v1/charges"
        wanted = trail.visit.is_claimed or trail.visit.is_charged
        if wanted and not self.patience.until(
            lambda: bool(self.api.get(path, encounter_id=trail.encounter_id)["items"])
        ):
            trail.stopped = "billing did not answer in time"

    def _set_payer(self, visit: Visit) -> None:
        """Who pays is read from the patient as known when the encounter is finished."""
        path = f"/v1/patients/{self.directory.patients[visit.patient]}"
        if visit.patient not in self._payers:
            coverages: list[Json] = self.api.get(path)["coverages"]
            self._payers[visit.patient] = coverages[0]["payer_name"] if coverages else None
        if self._payers[visit.patient] != visit.payer:
            self.api.put(f"{path}/coverages", {"coverages": [{"payer_name": visit.payer}] if visit.payer else []})
            self._payers[visit.patient] = visit.payer

    def _price(self, run: Sequence[Trail]) -> None:
        try:
            self._set_fees(run)
        except ApiRefused as refused:  # no visit may be billed at another's price
            for trail in run:
                trail.stopped = trail.stopped or f"its prices were refused: {refused.slug}"

    def _set_fees(self, run: Sequence[Trail]) -> None:
        wanted: Fees = {}
        for trail in run:
            wanted |= fees_of(trail.visit)
        changed = {code: price for code, price in wanted.items() if self._fees.get(code) != price}
        if changed:
            fees = [
                {"system": code.system, "code": code.code, "amount_cents": cents, "currency": currency}
                for code, (cents, currency) in sorted(changed.items())
            ]
            self.api.put("/v1/fees", {"fees": fees})
            self._fees |= changed

    def _note(self, trail: Trail, appointment: Json) -> None:
        trail.appointment_id, trail.status = appointment["appointment_id"], appointment["status"]
        trail.encounter_id = appointment.get("encounter_id") or ""


def stamp(visit: Visit) -> str:
    """Its start as the API writes it."""
    return visit.start_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def is_booking(appointment: Json, wanted: Json) -> bool:
    """Whether this appointment is the one that `wanted` would book."""
    same = ("practitioner_id", "patient_id", "appointment_type_id", "start_at")
    return appointment["status"] != "cancelled" and all(appointment[name] == wanted[name] for name in same)


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
