"""Requests of every operation that are right but for what a test puts into them, on a running system."""

import itertools
import json
import time
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
import urllib3
from fix_desk import QUARTER, Desk, Diary, stamp

from gateway import carrier_signature
from gateway.endpoint import WRITES, Route
from gateway.routes.text_gateway import SIGNATURE_HEADER, sign
from shared.ids import new_id

Json = dict[str, Any]

FORMS = frozenset({"form", "signed-form"})
# What a busy machine may answer, which says nothing about the body: asked again a second later with the same key, as it
# tells.
NOT_KNOWN_YET = frozenset({503, 504})
TRIES = 10

# Where what was written is read again: a path for the ids of the answer.
READ_AGAIN: Mapping[str, str] = {
    "register_patient": "/v1/patients/{patient_id}",
    "change_patient": "/v1/patients/{patient_id}",
    "record_consent": "/v1/patients/{patient_id}",
    "set_coverages": "/v1/patients/{patient_id}",
    "book_appointment": "/v1/patients/{patient_id}",
    "cancel_appointment": "/v1/appointments/{appointment_id}",
    "add_site": "/v1/sites/{site_id}",
    "change_site": "/v1/sites/{site_id}",
    "finish_encounter": "/v1/encounters/{encounter_id}",
}
# What answers by itself with all that it keeps. Practitioners, kinds of appointment: there is no address of one.
ANSWERS = frozenset(
    {
        "add_practitioner",
        "change_practitioner",
        "add_appointment_type",
        "change_appointment_type",
        "add_resource",
        "change_resource",
        "block_resource",
        "add_working_exception",
        "add_closure",
    }
)
UNKNOWN = (
    *("claim_id", "text_id", "task_id", "calendar_link_id", "series_id", "exception_id", "closure_id"),
    *("absence_id", "reschedule_id", "entry_id", "offer_id", "template_id"),
    *("conversation_id", "quick_reply_id", "run_id"),
)
# A list is read whole: `set_fees` answers with what it set.
KEEPS = frozenset({*READ_AGAIN, *ANSWERS, "set_fees"})


@dataclass(frozen=True)
class Answered:
    """One answer, read as JSON where it is."""

    status: int
    kind: str
    body: Json

    @property
    def fields(self) -> list[str]:
        """What a problem names."""
        return [error["field"] for error in self.body.get("errors", [])]


@dataclass
class Caller:
    """An integration of elm with things of its own to name."""

    desk: Desk
    diary: Diary
    ids: dict[str, str]
    # What is changed for good, and what nobody else uses.
    own: dict[str, dict[str, str]]
    _places: Iterator[int] = field(default_factory=lambda: itertools.count(60))
    _http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(maxsize=8, retries=False, timeout=30)
    )

    def body(self, one: Route) -> Json:
        """A body that the operation takes now."""
        body = _with_ids(deepcopy(one.example or {}), self.ids)
        if "start_at" in body:
            body["start_at"] = stamp(self.diary.opens_at + QUARTER * next(self._places))
        if one.name == "receive_reply":
            body |= {"to_number": self.desk.elm.sender_number, "message_id": str(new_id())}
        if one.name == "receive_message":
            body |= {"To": self.desk.elm.sender_number, "MessageSid": str(new_id())}
        return body

    def send(self, one: Route, body: Json | bytes, query: Json | None = None) -> Answered:
        """The operation with that body (bytes as they are) and query, about things that are there."""
        self._make_ready(one)
        raw = body if isinstance(body, bytes) else _written(one, body)
        path = one.path.format_map({**self.ids, **self.own.get(one.name, {})})
        headers = {"Authorization": f"Bearer {self.desk.session('integration').token}"} if one.auth == "session" else {}
        if one.method in WRITES:
            headers["Idempotency-Key"] = str(new_id())
            headers["Content-Type"] = "application/x-www-form-urlencoded" if one.reads in FORMS else "application/json"
        if one.reads == "raw":
            headers[SIGNATURE_HEADER] = sign(self.desk.system.secret("text_webhook_secret"), raw)
        if one.reads == "signed-form":
            secret, form = (
                self.desk.system.secret("text_gateway_secret"),
                parse_qsl(raw.decode(), keep_blank_values=True),
            )
            headers[carrier_signature.HEADER] = carrier_signature.signature(secret, path, form)
        target = f"{path}?{urlencode(query)}" if query else path
        for _ in range(TRIES):
            answer = self.ask(one.method, target, raw, headers)
            if answer.status not in NOT_KNOWN_YET:
                break
            time.sleep(1)
        return answer

    def read_again(self, one: Route, answer: Json) -> Json:
        """What is kept, by another request where there is one."""
        if one.name not in READ_AGAIN:
            return answer
        headers = {"Authorization": f"Bearer {self.desk.session('integration').token}"}
        return self.ask("GET", READ_AGAIN[one.name].format_map(answer), b"", headers).body

    def ask(self, method: str, path: str, raw: bytes, headers: Mapping[str, str]) -> Answered:
        got = self._http.request(method, self.desk.system.gateway_url + path, body=raw or None, headers=headers)
        kind = got.headers.get("Content-Type", "")
        return Answered(got.status, kind, json.loads(got.data) if "json" in kind and got.data else {})

    def _make_ready(self, one: Route) -> None:
        """Puts back what the operation used up."""
        if one.name == "cancel_appointment":
            self._do("reinstate")
        if one.name == "finish_encounter" and self._is_finished():
            self.ids["encounter_id"] = arrived(self.desk, self.diary, next(self._places) % 40)

    def _is_finished(self) -> bool:
        headers = {"Authorization": f"Bearer {self.desk.session('integration').token}"}
        found = self.ask("GET", f"/v1/encounters/{self.ids['encounter_id']}", b"", headers)
        return bool(found.body["status"] == "finished")

    def _do(self, verb: str) -> None:
        headers = {"Authorization": f"Bearer {self.desk.session('integration').token}"}
        self.ask("POST", f"/v1/appointments/{self.ids['appointment_id']}/{verb}", b"", headers)


def arrived(desk: Desk, diary: Diary, place: int) -> str:
    """The encounter of a patient who has just come; open."""
    visit = desk.act(desk.book(diary, place, desk.insured()), "check-in")
    path = f"/v1/encounters/{visit['encounter_id']}"
    desk.wait_until(lambda: desk.session("clinician").get(path)["status"] == "in-progress")
    return str(visit["encounter_id"])


def _with_ids(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_with_ids(each, ids) for each in value]
    if isinstance(value, dict):
        return {name: ids.get(name) or _with_ids(each, ids) for name, each in value.items()}
    return value


def _written(one: Route, body: Json) -> bytes:
    if one.body is None:
        return b""
    return urlencode(body).encode() if one.reads in FORMS else json.dumps(body).encode()


@pytest.fixture(scope="module")
def caller(desk: Desk) -> Caller:
    """Someone who may do everything, with a site, a patient, a visit and an encounter of elm."""
    diary = desk.diary(lanes=100)
    person = desk.newcomer()
    visit = desk.book(diary, 41, person)
    type_ids = {"appointment_type_id": diary.appointment_type_id, "practitioner_id": diary.practitioner_id}
    ids = {"site_id": diary.site_id, **type_ids, "patient_id": visit["patient_id"], "number": person["phone"]}
    ids |= {"appointment_id": visit["appointment_id"], "encounter_id": arrived(desk, diary, 42)}
    room = {"site_id": diary.site_id, "kind": "room", "type": "exam room", "name": "Exam 1"}
    ids["resource_id"] = desk.session("manager").post("/v1/resources", room)["resource_id"]
    ids |= {"network_id": desk.elm.network_id} | {name: str(new_id()) for name in UNKNOWN}
    ids["secret"] = "of-nobody"
    return Caller(desk, diary, ids, _own(desk))


def _own(desk: Desk) -> dict[str, dict[str, str]]:
    manager = desk.session("manager")
    site = manager.post("/v1/sites", {"name": "Naughty", "zone": "UTC"})
    kind = manager.post("/v1/appointment-types", {"name": "Naughty", "minutes": 20})
    return {
        "change_site": {"site_id": site["site_id"]},
        "change_appointment_type": {"appointment_type_id": kind["appointment_type_id"]},
    }
