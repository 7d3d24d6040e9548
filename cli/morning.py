"""A clinic morning through the public API: what the desk does, and what each service makes of it.

Every step is watched from outside: it counts as seen only when the service that it concerns
shows it. `seen after` is the time from the API's answer (the commit) to the first sight of
the effect, polled every 20 ms.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from cli.api import Api
from shared.clock import Clock

Json = dict[str, Any]

PATIENCE_S = 30.0
BIRTHS = {
    "Ines": "1984-05-17",
    "Tomas": "1951-11-02",
    "Nora": "1996-02-29",
    "Lena": "1979-08-23",
    "Omar": "2001-01-30",
    "June": "1967-12-11",
}
# How many times of one day the morning books.
VISITS = 8
EXPECTED = (
    ("Lena", "Marsh", "+12025550147"),
    ("Omar", "Haddad", "+12025550148"),
    ("June", "Whitaker", "+12025550149"),
)
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
CPT = "http://www.ama-assn.org/go/cpt"


@dataclass(frozen=True)
class Place:
    """Where the morning happens: ids of the seeded map. `practitioner_id` works around the clock."""

    site_id: str
    site_name: str
    zone: str
    practitioner_id: str
    appointment_type_id: str
    minutes: int


@dataclass
class Morning:
    """One morning at one desk. `api` is the secretary's session, `clinician` and `biller` theirs."""

    place: Place
    api: Api
    clinician: Api
    biller: Api
    reply: Callable[[str, str], None]
    clock: Clock
    console: Console
    unseen: list[str] = field(default_factory=list)

    def play(self) -> bool:
        """Plays every scene; True only if every effect was seen."""
        times = times_of_today(self.clock.now(), self.place)
        self._insured_visit(next(times))
        self._uninsured_visit(next(times))
        self._moved_and_cancelled(next(times), next(times))
        self._stop(next(times))
        self._expected(times)
        return not self.unseen

    def _insured_visit(self, start: datetime) -> None:
        self._scene("Ines Calloway calls: registered with her insurance, booked, texted")
        patient = self._register("Ines", "Calloway", "+12025550143", payer="Aetna", member_id="W123456789")
        appointment = self._book(patient, start)
        self._sees_text(appointment, "booked")
        self._finish(self._arrive(appointment))

    def _uninsured_visit(self, start: datetime) -> None:
        self._scene("A new caller, name and phone alone; she pays herself")
        caller = {"given": "Mabel", "family": "Ortiz", "phone": "+12025550144", "texting_consent": True}
        appointment = self._book_new(caller, start)
        self._finish(self._arrive(appointment), covered=False)

    def _moved_and_cancelled(self, start: datetime, later: datetime) -> None:
        self._scene("Tomas Reyes moves his visit, then cancels it")
        patient = self._register("Tomas", "Reyes", "+12025550145")
        appointment = self._book(patient, start)
        self._sees_text(appointment, "booked")
        path = f"/v1/appointments/{appointment['appointment_id']}"
        self.api.post(f"{path}/move", {"start_at": stamp(later)})
        self._told("appointment-rescheduled")
        self._sees_text(appointment, "rescheduled")
        self.api.post(f"{path}/cancel", {"reason": "patient asked"})
        self._told("appointment-cancelled")
        self._sees_text(appointment, "cancelled")

    def _stop(self, start: datetime) -> None:
        self._scene("Nora Finch is texted, answers STOP, and is not texted again")
        patient = self._register("Nora", "Finch", "+12025550146")
        appointment = self._book(patient, start)
        self._sees_text(appointment, "booked")
        self.reply("+12025550146", "Stop. Thank you")
        self.api.post(f"/v1/appointments/{appointment['appointment_id']}/cancel", {"reason": "patient asked"})
        self._told("appointment-cancelled")
        self._sees("notifications", "the text about it is skipped: opted-out", self._text(appointment, "skipped"))

    def _expected(self, times: Iterator[datetime]) -> None:
        self._scene("Three more are expected: check them in on the day page")
        for (given, family, number), start in zip(EXPECTED, times, strict=False):
            self._book(self._register(given, family, number), start)

    def _register(self, given: str, family: str, phone: str, payer: str = "", member_id: str = "") -> Json:
        body: Json = {"site_id": self.place.site_id, "given": given, "family": family, "birth_on": BIRTHS[given]}
        body |= {"phone": phone, "texting_consent": True}
        if payer:
            body["coverage"] = {"payer_name": payer, "payer_id": "60054", "member_id": member_id}
        patient = self.api.post("/v1/patients", body)
        self._told("patient-registered")
        return patient

    def _book(self, patient: Json, start: datetime) -> Json:
        return self._booked({"patient_id": patient["patient_id"]}, start)

    def _book_new(self, caller: Json, start: datetime) -> Json:
        return self._booked({"new_patient": caller}, start)

    def _booked(self, who: Json, start: datetime) -> Json:
        body = who | {"site_id": self.place.site_id, "practitioner_id": self.place.practitioner_id}
        body |= {"appointment_type_id": self.place.appointment_type_id, "start_at": stamp(start)}
        appointment = self.api.post("/v1/appointments", body)
        self._told("appointment-booked")
        self._sees("scheduling", "on the day sheet, with the patient's name", self._on_day_sheet(appointment))
        return appointment

    def _arrive(self, appointment: Json) -> Json:
        arrived = self.api.post(f"/v1/appointments/{appointment['appointment_id']}/check-in")
        self._told("appointment-arrived")
        encounter = f"/v1/encounters/{arrived['encounter_id']}"
        self._sees("records", "encounter opened", lambda: self.clinician.get(encounter).get("status") == "in-progress")
        return arrived

    def _finish(self, arrived: Json, *, covered: bool = True) -> None:
        encounter_id = arrived["encounter_id"]
        body = {
            "diagnoses": [{"system": ICD10, "code": "J06.9"}],
            "procedures": [{"system": CPT, "code": "99213", "units": 1, "diagnosis_pointers": [1]}],
        }
        self.clinician.post(f"/v1/encounters/{encounter_id}/finish", body)
        self._told("encounter-finished")
        self._sees("scheduling", "appointment fulfilled", self._fulfilled(arrived))
        self._sees("billing", "charge captured", self._some("/v1/charges", encounter_id=encounter_id))
        if covered:
            self._sees("billing", "claim created", self._some("/v1/claims", encounter_id=encounter_id))
            self._sees("billing", "on the claim feed", self._on_feed(encounter_id))

    def _sees_text(self, appointment: Json, kind: str) -> None:
        self._sees("notifications", f"text '{kind}' accepted by the carrier", self._text(appointment, "accepted", kind))

    def _text(self, appointment: Json, status: str, kind: str = "") -> Callable[[], bool]:
        def seen() -> bool:
            texts = self.api.get("/v1/texts", appointment_id=appointment["appointment_id"])["items"]
            return any(text["status"] == status and kind in ("", text["kind"]) for text in texts)

        return seen

    def _on_day_sheet(self, appointment: Json) -> Callable[[], bool]:
        def seen() -> bool:
            items = self.api.get("/v1/day", site_id=self.place.site_id)["items"]
            mine = [item for item in items if item["appointment_id"] == appointment["appointment_id"]]
            return bool(mine and mine[0]["patient"])

        return seen

    def _fulfilled(self, arrived: Json) -> Callable[[], bool]:
        path = f"/v1/appointments/{arrived['appointment_id']}"
        return lambda: bool(self.api.get(path)["status"] == "fulfilled")

    def _some(self, path: str, **query: str) -> Callable[[], bool]:
        return lambda: bool(self.biller.get(path, **query)["items"])

    def _on_feed(self, encounter_id: str) -> Callable[[], bool]:
        def seen() -> bool:
            rows = self.biller.get("/v1/claim-feed", after=0, limit=1000)["items"]
            return any(row["encounter_id"] == encounter_id for row in rows)

        return seen

    def _say(self, line: str) -> None:
        self.console.print(line, soft_wrap=True)

    def _scene(self, says: str) -> None:
        self._say(f"\n[bold]{says}[/bold]")

    def _told(self, event: str) -> None:
        self._say(f"  event          [cyan]{event}[/cyan]")

    def _sees(self, service: str, what: str, probe: Callable[[], bool]) -> None:
        began = time.monotonic()
        while not probe():
            if time.monotonic() - began > PATIENCE_S:
                self.unseen.append(f"{service}: {what}")
                self._say(f"  {service:<14} [red]{what}: not seen in {PATIENCE_S:.0f} s[/red]")
                return
            time.sleep(0.02)
        self._say(f"  {service:<14} {what:<46} seen after {(time.monotonic() - began) * 1000:6.0f} ms")


def times_of_today(now: datetime, place: Place) -> Iterator[datetime]:
    """Starts that still come on the site's present day, the nearest to now first."""
    zone = ZoneInfo(place.zone)
    step = timedelta(minutes=place.minutes)
    first = now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0) + timedelta(minutes=5)
    for start in (first + step * turn for turn in range(100)):
        if _day(start + step, zone) == _day(now, zone):
            yield start


def room_for_a_morning(now: datetime, place: Place) -> datetime:
    """`now`, or early next day where today has too little time left to book, check in and finish in it."""
    if len(list(islice(times_of_today(now, place), VISITS))) == VISITS:
        return now
    tomorrow = _day(now, ZoneInfo(place.zone)) + timedelta(days=1)
    return datetime.combine(tomorrow, time_of_day(0, 10), ZoneInfo(place.zone)).astimezone(UTC)


def stamp(instant: datetime) -> str:
    """RFC 3339 in UTC."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(instant: datetime, zone: ZoneInfo) -> Any:
    return instant.astimezone(zone).date()
