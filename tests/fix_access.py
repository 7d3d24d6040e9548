"""Two networks for the access matrix, made by the public API: sites A and B are hers, C is not, D is of the other."""

import itertools
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
import urllib3
from fix_desk import COUGH, QUARTER, Desk, stamp

from cli.accounts import add_account
from cli.api import Api, ApiRefused
from cli.seeding import AROUND_THE_CLOCK, Plan, seed
from gateway.endpoint import WRITES, Route
from shared.ids import new_id

Json = dict[str, Any]
Ids = dict[str, str]

CONFINED = ("secretary", "clinician", "biller")
EVERYWHERE = ("manager", "integration")
ROLES = (*CONFINED, *EVERYWHERE)

# Questions that are asked by one of their ids and not by all.
BY_ONE_ID = frozenset({"list_charges", "list_claims", "list_texts"})

# Ids that some route takes a list of: the matrix gives it one.
IN_LISTS = ("site_id", "practitioner_id", "resource_id")

# Ids that the audit would name in the place of others: sent only where they are what is asked about.
_FILTERS = ("query.practitioner_id", "query.room_id")
SAYS_MORE: Mapping[str, tuple[str, ...]] = {
    "list_appointments": ("query.patient_id",),
    "get_day": _FILTERS,
    "print_day": _FILTERS,
}


@dataclass(frozen=True)
class Answer:
    """One answer of the gateway; `shape` is what a stranger can compare."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def shape(self, *own: str) -> tuple[int, frozenset[tuple[str, str]], bytes]:
        """Status, headers and body without what the asker sent: the request's own ids, and the time of the day."""
        body, headers = (
            re.sub(rb"Printed [^<]*", b"", self.body),
            {name.lower(): value for name, value in self.headers.items() if name != "Date"},
        )
        for sent in own:
            body = body.replace(sent.encode(), b"(sent)")
            headers = {name: value.replace(sent, "(sent)") for name, value in headers.items()}
        return self.status, frozenset(headers.items()), body


@dataclass
class Caller:
    """An account and what it asks with; `account_id` is what the audit has to name."""

    role: str
    account_id: str
    login: str
    secret: str
    token: str = ""


@dataclass
class World:
    """What the matrix asks for and about: `own`, `other_site` and `other_network` hold one id of each kind."""

    desk: Desk
    network_id: UUID
    site_ids: list[str]
    own: Ids
    other_site: Ids
    other_network: Ids
    callers: dict[str, Caller]
    _places: Iterator[int] = field(default_factory=lambda: itertools.count(20))
    _http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False, timeout=20))

    @property
    def url(self) -> str:
        return self.desk.system.gateway_url

    def sign_in(self, role: str) -> Caller:
        """The role's account with a token of five minutes."""
        caller, api = self.callers[role], Api(self.url)
        sign_in = api.sign_in_as_client if role == "integration" else api.sign_in
        sign_in(caller.login, caller.secret)
        caller.token = api.token
        return caller

    def ask(self, one: Route, token: str, correlation_id: str, **ids: str) -> Answer:
        """Asks a route about the ids of A, with `ids` ("body.site_id") in their places."""
        wanted = {place: ids.get(place, self.own[place.split(".")[1]]) for place in one.objects}
        path, query = one.path, dict(QUERIES.get(one.name, {}))
        for place, value in wanted.items():
            where, name = place.split(".")
            path = path.replace(f"{{{name}}}", value) if where == "path" else path
            left_out = (one.name in BY_ONE_ID and ids) or place in SAYS_MORE.get(one.name, ())
            if where == "query" and (place in ids or not left_out):
                query[name] = value
        if one.name in BY_ONE_ID and not ids:
            query = dict(list(query.items())[:1])
        named = {at.split(".")[1]: v for at, v in wanted.items() if at.startswith(("body.", "items."))}
        named = {name: [value] if name.endswith("_ids") else value for name, value in named.items()}
        body = one_of({**self._body(one), **named}, one, ids)
        if not is_batch(one):
            return self._send(one, path, query, body, token, correlation_id)
        item = {**body, "key": correlation_id}
        return alone(self._send(one, path, query, {"items": [item]}, token, correlation_id))

    def _body(self, one: Route) -> Json:
        example = one.example or {}
        body = dict(BODIES.get(one.name, example["items"][0] if is_batch(one) else example))
        if "start_at" in body:
            body["start_at"] = stamp(self.desk.now + QUARTER * next(self._places))
        if one.name == "open_patient":
            body["phone"] = self.own["phone"]
        return body

    def _send(self, one: Route, path: str, query: Json, body: Json, token: str, correlation_id: str) -> Answer:
        headers = {"Frontdesk-Correlation-Id": correlation_id}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        raw = None
        if one.method in WRITES:
            headers |= {"Idempotency-Key": correlation_id, "Content-Type": "application/json"}
            raw = json.dumps(body).encode() if one.body else None
        url = f"{self.url}{path}?{urlencode(query)}" if query else f"{self.url}{path}"
        got = self._http.request(one.method, url, body=raw, headers=headers, preload_content=False)
        try:
            live = got.headers.get("Content-Type", "").startswith("text/event-stream")
            return Answer(got.status, dict(got.headers), got.read1(65536) if live else got.read())
        finally:
            got.close() if live else got.release_conn()


def one_of(body: Json, one: Route, ids: Mapping[str, str]) -> Json:
    """The body with one of the fields of which it takes exactly one: that which is asked about, or the first."""
    names = getattr(one.body, "exactly_one_of", ())
    asked = [place.split(".")[1] for place in ids]
    kept = next((name for name in (*asked, *names) if name in names and name in body), None)
    return {name: value for name, value in body.items() if name not in names or name == kept}


def is_batch(one: Route) -> bool:
    """Whether it takes many items of an operation."""
    return any(place.startswith("items.") for place in one.objects)


def alone(answer: Answer) -> Answer:
    """A batch's answer to its one item, as the item alone would be answered."""
    if answer.status != 200:
        return answer
    (item,) = json.loads(answer.body)["items"]
    return Answer(item["status"], answer.headers, json.dumps(item.get("problem") or item["body"]).encode())


BODIES: Mapping[str, Json] = {
    "search_free_times": {"limit": 5},
    "book_appointment": {"start_at": ""},
    "book_walk_in": {"start_at": ""},
    "change_patient": {"given": "Wanda"},
    "change_appointment_type": {"name": "Follow-up"},
    "set_working_hours": {"lanes": 4, "weekly": AROUND_THE_CLOCK},
    "set_stays": {"stays": []},
    "set_opening_hours": {"weeks": []},
    "open_patient": {"birth_on": "1984-05-17"},
    # At all hours: what waits for the morning would keep every other test of this system waiting too.
    "set_texting_limits": {"quiet": None, "most_a_day": None, "most_a_week": None},
    "set_reminder_rules": {"rules": []},
    "finish_encounter": COUGH,
    "finish_encounters": COUGH,
}
QUERIES: Mapping[str, Json] = {
    "find_caller": {"phone": "+12025550123"},
    "list_patients": {"family": "Marsh"},
}


@pytest.fixture(scope="session")
def world(desk: Desk) -> World:
    """The session's networks of the access matrix."""
    return make_world(desk)


def make_world(desk: Desk) -> World:
    """About five seconds."""
    tag = secrets.token_hex(2)
    sites = tuple((f"{name} {tag}", "America/New_York") for name in ("Ash", "Birch", "Cedar"))
    oak = Plan(f"Oak{tag} Clinics", desk.number(), sites)
    bay = Plan(f"Bay{tag} Health", desk.number(), ((f"Dune {tag}", "America/New_York"),))
    with desk.system.as_environment():
        ours, theirs = seed(desk.system.gateway_url, oak), seed(desk.system.gateway_url, bay)
        site_ids = [site["site_id"] for site in ours.sites]
        hers = [UUID(site_id) for site_id in site_ids[:2]]
        callers = {role: _caller(ours.network_id, role, hers, tag) for role in (*ROLES, "disabled")}
    manager, stranger = (it.sign_in(desk.system.gateway_url, "manager") for it in (ours, theirs))
    own, other_site = (_things(desk, manager, ours, at) for at in (0, 2))
    other_network = _things(desk, stranger, theirs, 0)
    return World(desk, UUID(ours.network_id), site_ids, own, other_site, other_network, callers)


def _caller(network_id: str, role: str, sites: list[UUID], tag: str) -> Caller:
    kind = "secretary" if role == "disabled" else role
    at = None if kind in EVERYWHERE else sites
    added = add_account(UUID(network_id), f"{role}-{tag}@oak.example", kind, at, client=kind == "integration")
    return Caller(role, str(added.account_id), added.login, added.secret)


def _things(desk: Desk, manager: Api, seeded: Any, place: int) -> Ids:
    """A patient with a booked visit, and a finished visit with its encounter and claim."""
    site_id = seeded.sites[place]["site_id"]
    doctor = next(one for one in seeded.practitioners if one["site_id"] == site_id)
    ids = {"site_id": site_id, "practitioner_id": doctor["practitioner_id"]}
    ids["appointment_type_id"] = seeded.types[0]["appointment_type_id"]
    room = {"site_id": site_id, "kind": "room", "type": "exam room", "name": "Exam 1"}
    ids["resource_id"] = ids["room_id"] = manager.post("/v1/resources", room)["resource_id"]
    leave = {"kind": "leave", "from_on": "2027-07-05", **{it: ids[it] for it in ("practitioner_id", "site_id")}}
    ids["exception_id"] = manager.post("/v1/working-exceptions", leave)["exception_id"]
    holiday = {"site_id": site_id, "kind": "holiday", "from_on": "2027-07-04"}
    ids["closure_id"] = manager.post("/v1/closures", holiday)["closure_id"]
    link = manager.post(f"/v1/practitioners/{ids['practitioner_id']}/calendar-links")
    ids["calendar_link_id"] = link["calendar_link_id"]
    held = {name: ids[name] for name in ("site_id", "practitioner_id", "appointment_type_id")}
    held |= {"start_at": stamp(desk.now + QUARTER * 4), "minutes": 30}
    ids["hold_id"] = manager.post("/v1/holds", held)["hold_id"]
    patient = manager.post("/v1/patients", {"site_id": site_id, **desk.insured()})
    ids |= {"patient_id": patient["patient_id"], "family": patient["family"], "phone": patient["phones"][0]["number"]}
    ids["series_id"] = _series(desk, manager, ids)
    booked, seen = (_booked(desk, manager, ids, quarter) for quarter in (1, 2))
    arrived = manager.post(f"/v1/appointments/{seen['appointment_id']}/check-in")
    ids |= {"appointment_id": booked["appointment_id"], "encounter_id": arrived["encounter_id"]}
    desk.wait_until(lambda: manager.get(f"/v1/encounters/{ids['encounter_id']}")["status"] == "in-progress")
    manager.post(f"/v1/encounters/{ids['encounter_id']}/finish", COUGH)
    desk.wait_until(lambda: _claims(manager, ids) and _texted(manager, ids))
    ids |= {"text_id": _texted(manager, ids)[0]["text_id"], "task_id": _task(desk, manager, ids)}
    ids |= _listed(desk, manager, ids)
    ids |= _offered(desk, manager, ids)
    desk.wait_until(lambda: manager.all("/v1/text-runs", site_id=site_id))
    ids["run_id"] = manager.all("/v1/text-runs", site_id=site_id)[0]["run_id"]
    ids["template_id"] = _template(desk, manager, ids)
    talk = {name: ids[name] for name in ("site_id", "patient_id")}
    ids["conversation_id"] = manager.post("/v1/conversations", talk)["conversation_id"]
    quick = {"name": f"Card {secrets.token_hex(4)}", "body": "Please bring your insurance card."}
    ids["quick_reply_id"] = manager.post("/v1/quick-replies", quick)["quick_reply_id"]
    return ids | {"claim_id": _claims(manager, ids)[0]["claim_id"]} | {f"{name}s": ids[name] for name in IN_LISTS}


def _listed(desk: Desk, manager: Api, ids: Ids) -> Ids:
    """A visit three weeks ahead that has to move, since its practitioner is away then."""
    begins = desk.now + timedelta(days=21)
    names = ("site_id", "practitioner_id", "appointment_type_id", "patient_id")
    manager.post("/v1/appointments", {name: ids[name] for name in names} | {"start_at": stamp(begins)})
    away = {"from_at": stamp(begins), "until_at": stamp(begins + QUARTER), "reason": "away"}
    absence = manager.post("/v1/absences", {"practitioner_id": ids["practitioner_id"], **away})
    (listed,) = manager.get("/v1/reschedules", absence_id=absence["absence_id"])["items"]
    return {name: listed[name] for name in ("absence_id", "reschedule_id")}


def _offered(desk: Desk, manager: Api, ids: Ids) -> Ids:
    """Somebody who waits for a time next week, and what he is offered."""
    names = ("patient_id", "appointment_type_id")
    where = {"site_ids": [ids["site_id"]], "practitioner_ids": [ids["practitioner_id"]]}
    week = {"from_on": (desk.now + timedelta(days=7)).date().isoformat()}
    entry_id = manager.post("/v1/waitlist", {name: ids[name] for name in names} | where | week)["entry_id"]
    desk.wait_until(lambda: manager.all("/v1/waitlist/offers", entry_id=entry_id))
    (offer,) = manager.all("/v1/waitlist/offers", entry_id=entry_id)
    return {"entry_id": entry_id, "offer_id": offer["offer_id"]}


def _template(desk: Desk, manager: Api, ids: Ids) -> str:
    """Words of its own for a site. Notifications hears of the site a moment after it was made: by now it has texted."""
    words = {"occasion": "cancelled", "language": "en", "body": "{{ site_name }}: no visit. Reply STOP to opt out."}
    template: Json = manager.post("/v1/text-templates", {**words, "site_id": ids["site_id"]})
    return str(template["template_id"])


def _task(desk: Desk, manager: Api, ids: Ids) -> str:
    """A task about somebody who cannot be texted."""
    silent = {name: value for name, value in desk.newcomer().items() if name in ("given", "family")}
    patient = manager.post("/v1/patients", {"site_id": ids["site_id"], **silent})
    booked = _booked(desk, manager, {**ids, "patient_id": patient["patient_id"]}, 3)

    def opened() -> list[str]:
        items = manager.all("/v1/tasks", site_id=ids["site_id"])
        return [it["task_id"] for it in items if it["appointment_id"] == booked["appointment_id"]]

    desk.wait_until(opened)
    return opened()[0]


def _series(desk: Desk, manager: Api, ids: Ids) -> str:
    """Two visits, one of them today."""
    names = ("site_id", "practitioner_id", "appointment_type_id", "patient_id")
    body = {name: ids[name] for name in names} | {"start_at": stamp(desk.now + QUARTER * 5)}
    series: Json = manager.post("/v1/series", {**body, "rrule": "FREQ=WEEKLY;COUNT=2"})
    return str(series["series_id"])


def _booked(desk: Desk, manager: Api, ids: Ids, quarter: int) -> Json:
    names = ("site_id", "practitioner_id", "appointment_type_id", "patient_id")
    body = {name: ids[name] for name in names} | {"start_at": stamp(desk.now + QUARTER * quarter)}
    return manager.post("/v1/appointments", body)


def _claims(manager: Api, ids: Ids) -> list[Json]:
    return manager.get("/v1/claims", encounter_id=ids["encounter_id"])["items"]


def _texted(manager: Api, ids: Ids) -> list[Json]:
    try:
        return manager.get("/v1/texts", appointment_id=ids["appointment_id"])["items"]
    except ApiRefused:
        return []


def a_request() -> str:
    """The id of a request, by which its audit entries are found."""
    return str(new_id())
