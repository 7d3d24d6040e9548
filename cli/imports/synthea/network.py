"""Puts the map and the people of a plan into the network: sites, practitioners, types, hours, patients."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Protocol

from cli.api import ApiRefused
from cli.imports.synthea.account import Key
from cli.imports.synthea.client import MOST_ITEMS, key_of
from cli.imports.synthea.directory import Directory, Json, type_name
from cli.imports.synthea.hours import united
from cli.imports.synthea.plan import Hours, ImportPlan, LeftOut, Patient, Practitioner, Site, Stretch

_MOST_LANES = 100  # that the API gives; what overlaps beyond them is refused visit by visit


class WritingApi(Protocol):
    """What sending needs of the importer's client."""

    def get(self, path: str, **query: Any) -> Json: ...
    def all(self, path: str, **query: Any) -> list[Json]: ...
    def post(self, path: str, body: Json | None = None, key: str = "") -> Json: ...
    def put(self, path: str, body: Json, key: str = "") -> Json: ...
    def batch(self, path: str, items: Sequence[Json]) -> list[Json]: ...


def steps(plan: ImportPlan, directory: Directory, api: WritingApi) -> Iterator[Callable[[], None]]:
    """What is to be done, in order. What the directory already knows is not sent again."""
    network = Network(directory, api)
    yield from (partial(network.add_site, each) for each in plan.sites)
    yield from (partial(network.add_practitioner, each) for each in plan.practitioners)
    yield from (partial(network.add_type, each) for each in plan.minutes)
    yield from (partial(network.set_hours, each) for each in plan.hours)
    yield from (partial(network.judge_role, *each) for each in plan.roles)
    for first in range(0, len(plan.patients), MOST_ITEMS):
        yield partial(network.register, plan.patients[first : first + MOST_ITEMS])


def slug_of(problem: Json) -> str:
    """The problem's stable word."""
    return str(problem.get("type", "")).rpartition(":")[2]


def refusal(problem: Json) -> str:
    """Why the API said no: the slug, and the fields that it names (never what they held)."""
    fields = sorted({str(error.get("field", "")) for error in problem.get("errors", [])} - {""})
    return f"refused: {slug_of(problem)}" + (f" ({', '.join(fields)})" if fields else "")


class Network:
    """One network, as it fills up. A record that is refused is left out with the refusal's slug as its reason."""

    def __init__(self, directory: Directory, api: WritingApi) -> None:
        self._directory, self._api = directory, api

    def add_site(self, site: Site) -> None:
        body = _given({"name": site.name, "zone": site.zone, "phone": site.phone})
        self._make(self._directory.sites, site.records, site.source_id, "/v1/sites", body, "site_id")

    def add_practitioner(self, who: Practitioner) -> None:
        body = _given({"given": who.given, "family": who.family, "prefix": who.prefix})
        known, record = self._directory.practitioners, ("Practitioner", who.source_id)
        self._make(known, [record], who.source_id, "/v1/practitioners", body, "practitioner_id")

    def add_type(self, minutes: int) -> None:
        if minutes not in self._directory.types:
            body = {"name": type_name(minutes), "minutes": minutes}
            answer = self._api.post("/v1/appointment-types", body, key_of("type", str(minutes)))
            self._directory.types[minutes] = answer["appointment_type_id"]

    def set_hours(self, hours: Hours) -> None:
        """Hours that somebody works there already stay: what the visits need is added."""
        ids = self._place(hours.practitioner, hours.site)
        if ids is None:
            return
        there = self._api.get("/v1/working-hours", **ids)
        had = tuple(_stretch(each) for each in there.get("weekly", []))
        weekly = united([*had, *hours.weekly])
        lanes = min(_MOST_LANES, max(hours.lanes, there.get("lanes", 1)))
        if weekly != had or lanes != there.get("lanes", 1) or not there.get("version"):
            body = {**ids, "lanes": lanes, "weekly": [_wall_clock(each) for each in weekly]}
            try:
                self._api.put("/v1/working-hours", body)
            except ApiRefused:  # the visits that need them say so one by one
                return
        self._directory.hours.add((hours.practitioner, hours.site))

    def judge_role(self, source_id: str, practitioner: str, site: str) -> None:
        """A role is imported with the working hours of its practitioner and site, which may be none."""
        if (practitioner, site) not in self._directory.hours:
            self._leave_out("PractitionerRole", source_id, "its site or practitioner was refused")

    def register(self, patients: Sequence[Patient]) -> None:
        """Those who are not there yet, in one request."""
        todo = [each for each in patients if each.source_id not in self._directory.patients]
        for patient in (each for each in todo if each.site not in self._directory.sites):
            self._leave_out("Patient", patient.source_id, "its site is not imported")
        todo = [each for each in todo if each.site in self._directory.sites]
        answers = self._api.batch("/v1/patients/batch", [self._registration(each) for each in todo])
        for patient, answer in zip(todo, answers, strict=True):
            if "body" in answer:
                self._directory.patients[patient.source_id] = answer["body"]["patient_id"]
            else:
                self._leave_out("Patient", patient.source_id, refusal(answer["problem"]))

    def _registration(self, patient: Patient) -> Json:
        born = patient.birth_on.isoformat() if patient.birth_on else None
        who = {"given": patient.given, "family": patient.family, "birth_on": born, "phone": patient.phone}
        key = key_of("Patient", patient.source_id)
        site = {"site_id": self._directory.sites[patient.site]}
        return _given({"key": key, **site, **who, "language": patient.language})

    def _place(self, practitioner: str, site: str) -> dict[str, str] | None:
        site_id = self._directory.sites.get(site)
        practitioner_id = self._directory.practitioners.get(practitioner)
        if site_id is None or practitioner_id is None:
            return None
        return {"site_id": site_id, "practitioner_id": practitioner_id}

    def _make(
        self, known: dict[str, str], records: Iterable[Key], source_id: str, path: str, body: Json, id_field: str
    ) -> None:
        if source_id in known:
            return
        try:
            known[source_id] = self._api.post(path, body, key_of(id_field, source_id))[id_field]
        except ApiRefused as refused:
            for kind, record in records:
                self._leave_out(kind, record, refusal(refused.problem))

    def _leave_out(self, kind: str, source_id: str, reason: str) -> None:
        self._directory.left_out.append(LeftOut(kind=kind, source_id=source_id, reason=reason))


def _given(body: Json) -> Json:
    return {name: value for name, value in body.items() if value is not None}


def _stretch(weekly: Json) -> Stretch:
    return Stretch(weekday=weekly["weekday"], starts=_minutes(weekly["starts"]), ends=_minutes(weekly["ends"]))


def _minutes(wall_clock: str) -> int:
    hours, minutes = wall_clock.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def _wall_clock(stretch: Stretch) -> Json:
    starts, ends = (f"{each // 60:02}:{each % 60:02}" for each in (stretch.starts, stretch.ends))
    return {"weekday": stretch.weekday, "starts": starts, "ends": ends}
