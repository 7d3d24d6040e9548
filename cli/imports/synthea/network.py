"""Puts the map and the people of a plan into the network: sites, practitioners, types, hours, patients."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Protocol

from cli.api import ApiRefused
from cli.imports.synthea.client import key_of
from cli.imports.synthea.directory import Directory, Json, type_name
from cli.imports.synthea.hours import united
from cli.imports.synthea.plan import Hours, ImportPlan, LeftOut, Patient, Practitioner, Site, Stretch


class WritingApi(Protocol):
    """What sending needs of cli.api.Api."""

    def get(self, path: str, **query: Any) -> Json: ...
    def all(self, path: str, **query: Any) -> list[Json]: ...
    def post(self, path: str, body: Json | None = None, key: str = "") -> Json: ...
    def put(self, path: str, body: Json, key: str = "") -> Json: ...


def steps(plan: ImportPlan, directory: Directory, api: WritingApi) -> Iterator[Callable[[], None]]:
    """What is to be done, in order. What the directory already knows is not sent again."""
    network = Network(directory, api)
    yield from (partial(network.add_site, each) for each in plan.sites)
    yield from (partial(network.add_practitioner, each) for each in plan.practitioners)
    yield from (partial(network.add_type, each) for each in plan.minutes)
    yield from (partial(network.set_hours, each) for each in plan.hours)
    yield from (partial(network.register, each) for each in plan.patients)


class Network:
    """One network, as it fills up. A record that is refused is left out with the refusal's slug as its reason."""

    def __init__(self, directory: Directory, api: WritingApi) -> None:
        self._directory, self._api = directory, api

    def add_site(self, site: Site) -> None:
        body = {"name": site.name, "zone": site.zone, "phone": site.phone}
        self._make(self._directory.sites, "Organization", site.source_id, "/v1/sites", _given(body), "site_id")

    def add_practitioner(self, who: Practitioner) -> None:
        body = _given({"given": who.given, "family": who.family, "prefix": who.prefix})
        known = self._directory.practitioners
        self._make(known, "Practitioner", who.source_id, "/v1/practitioners", body, "practitioner_id")

    def add_type(self, minutes: int) -> None:
        if minutes not in self._directory.types:
            body = {"name": type_name(minutes), "minutes": minutes}
            answer = self._api.post("/v1/appointment-types", body, key_of("type", str(minutes)))
            self._directory.types[minutes] = answer["appointment_type_id"]

    def set_hours(self, hours: Hours) -> None:
        """Hours that somebody works there already stay: what the visits need is added."""
        ids = self._place(hours)
        if ids is None:
            return
        there = self._api.get("/v1/working-hours", **ids)
        had = tuple(_stretch(each) for each in there.get("weekly", []))
        weekly, lanes = united([*had, *hours.weekly]), max(hours.lanes, there.get("lanes", 1))
        if weekly != had or lanes != there.get("lanes", 1):
            body = {**ids, "lanes": lanes, "weekly": [_wall_clock(each) for each in weekly]}
            self._api.put("/v1/working-hours", body)

    def register(self, patient: Patient) -> None:
        site_id = self._directory.sites.get(patient.site)
        if site_id is None:
            self._leave_out("Patient", patient.source_id, "its site is not imported")
            return
        born = patient.birth_on.isoformat() if patient.birth_on else None
        who = {"given": patient.given, "family": patient.family, "birth_on": born, "phone": patient.phone}
        body = _given({"site_id": site_id, **who})
        self._make(self._directory.patients, "Patient", patient.source_id, "/v1/patients", body, "patient_id")

    def _place(self, hours: Hours) -> dict[str, str] | None:
        site_id = self._directory.sites.get(hours.site)
        practitioner_id = self._directory.practitioners.get(hours.practitioner)
        if site_id is None or practitioner_id is None:
            return None
        return {"site_id": site_id, "practitioner_id": practitioner_id}

    def _make(self, known: dict[str, str], kind: str, source_id: str, path: str, body: Json, id_field: str) -> None:
        if source_id in known:
            return
        try:
            known[source_id] = self._api.post(path, body, key_of(kind, source_id))[id_field]
        except ApiRefused as refused:
            self._leave_out(kind, source_id, f"refused: {refused.slug}")

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
