"""A desk at work on the session's system: two networks, three sites, sessions of every role.

Tests share it, so each takes what nobody else has: a diary (a practitioner of its own), patients with numbers of
their own. Business time is ten in the morning of the real day in New York, so that the day has quarter hours left.
"""

import itertools
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2
import pytest
import urllib3
from checker import Checker
from fix_system import RunningSystem
from psycopg2.extras import RealDictCursor

from cli import carrier
from cli.accounts import add_account
from cli.api import Api
from cli.instance import ROOT
from cli.seeding import AROUND_THE_CLOCK, CPT, Plan, Seeded, seed
from shared.clock import BusinessClock, set_clock
from shared.ids import new_id

Json = dict[str, Any]

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
NEW_YORK = ZoneInfo("America/New_York")
QUARTER = timedelta(minutes=15)
_AHEAD = timedelta(minutes=5)
WITHIN_A_MINUTE = 60.0  # so soon who is disabled is out (requirement 36)
_SESSION_LASTS_S = 150.0  # an access token lives five minutes


@dataclass(frozen=True)
class Answer:
    """What the gateway said to one request: no retry, no exception."""

    status: int
    body: Json

    @property
    def slug(self) -> str:
        """The problem's stable word."""
        return str(self.body.get("type", "")).rpartition(":")[2].rpartition("/")[2]


@dataclass(frozen=True)
class Diary:
    """One practitioner's time at one site, of one test alone: works around the clock, with `lanes` at once."""

    site_id: str
    practitioner_id: str
    appointment_type_id: str
    opens_at: datetime

    def start(self, place: int) -> str:
        """The start of a quarter hour after now (from 0); about fifty of them are still today."""
        return stamp(self.opens_at + QUARTER * place)

    def body(self, place: int, **who: Any) -> Json:
        """What books that quarter hour, for `patient_id` or `new_patient`."""
        ids = {"site_id": self.site_id, "practitioner_id": self.practitioner_id}
        return ids | {"appointment_type_id": self.appointment_type_id, "start_at": self.start(place), **who}


@dataclass
class Desk:
    """What a test does at the desk. Roles are those of gateway/access.py; `network` is `elm` or `harbor`."""

    system: RunningSystem
    networks: dict[str, Seeded]
    now: datetime
    _sessions: dict[tuple[str, str], tuple[float, Api]] = field(default_factory=dict)
    _signing_in: Lock = field(default_factory=Lock)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(secrets.randbelow(9_000_000)))

    @property
    def elm(self) -> Seeded:
        return self.networks["elm"]

    @property
    def harbor(self) -> Seeded:
        return self.networks["harbor"]

    def session(self, role: str = "secretary", network: str = "elm") -> Api:
        """A signed-in caller, signed in again before its token ends, once however many ask: more than five sign-ins of
        one account at one moment look like guesses. Secretaries work at the first site alone."""
        with self._signing_in:
            since, api = self._sessions.get((network, role), (0.0, None))
            if api is None or time.monotonic() - since > _SESSION_LASTS_S:
                api = self.networks[network].sign_in(self.system.gateway_url, role)
                self._sessions[network, role] = (time.monotonic(), api)
            return api

    def person(self, role: str = "secretary", site: int = 0) -> tuple[str, Api]:
        """A new person of elm with a session of her own: (login, session)."""
        login = f"{role}-{secrets.token_hex(4)}@elm.example"
        sites = [self.elm.sites[site]["site_id"]]
        with self.system.as_environment():
            added = add_account(self.network_id("elm"), login, role, sites)
        api = Api(self.system.gateway_url)
        api.sign_in(login, added.secret)
        return login, api

    def network_id(self, network: str) -> Any:
        return type(new_id())(self.networks[network].network_id)

    def diary(self, site: int = 0, lanes: int = 1, network: str = "elm") -> Diary:
        """Time that no other test books."""
        seeded, manager = self.networks[network], self.session("manager", network)
        made = manager.post("/v1/practitioners", {"given": "Noor", "family": f"Adeyemi {secrets.token_hex(3)}"})
        ids = {"practitioner_id": made["practitioner_id"], "site_id": seeded.sites[site]["site_id"]}
        manager.put("/v1/working-hours", {**ids, "lanes": lanes, "weekly": AROUND_THE_CLOCK})
        kind = seeded.types[0]["appointment_type_id"]
        return Diary(ids["site_id"], ids["practitioner_id"], kind, self._next_quarter())

    def _next_quarter(self) -> datetime:
        """Some minutes off: a session goes on for longer than a quarter of an hour, and business time with it."""
        clock = BusinessClock(self.system.environment["FRONTDESK_CLOCK_FILE"])
        gone_by = clock.now().astimezone(self.now.tzinfo) - self.now
        return self.now + QUARTER * (1 + max(0, (gone_by + _AHEAD) // QUARTER))

    def number(self) -> str:
        """A telephone number that no other patient has."""
        return f"+1628{2_000_000 + next(self._numbers) % 7_000_000:07d}"

    def newcomer(self, **changes: Any) -> Json:
        """A caller who agrees to texts; no birth date, no coverage."""
        person = {"given": "Wanda", "family": f"Marsh {secrets.token_hex(3)}", "phone": self.number()}
        return {**person, "texting_consent": True, **changes}

    def insured(self, **changes: Any) -> Json:
        """A newcomer whose insurance pays."""
        payer = {"payer_name": "Blue Harbor", "payer_id": "60054", "member_id": f"M{secrets.token_hex(4)}"}
        return self.newcomer(birth_on="1984-05-17", coverage=payer, **changes)

    def register(self, person: Json | None = None, site: int = 0) -> Json:
        body = {"site_id": self.elm.sites[site]["site_id"], **(person or self.newcomer())}
        return self.session().post("/v1/patients", body)

    def book(self, diary: Diary, place: int, person: Json | None = None, key: str = "") -> Json:
        """Books a newcomer (or `person`) in one call."""
        body = diary.body(place, new_patient=person or self.newcomer())
        return self.session().post("/v1/appointments", body, key)

    def act(self, appointment: Json, verb: str, body: Json | None = None) -> Json:
        """move, cancel, reinstate, check-in, undo-check-in."""
        return self.session().post(f"/v1/appointments/{appointment['appointment_id']}/{verb}", body)

    def finish(self, encounter_id: str, body: Json | None = None) -> Json:
        """Finishes the visit once it is open."""
        path = f"/v1/encounters/{encounter_id}"
        self.wait_until(lambda: self.session("clinician").get(path)["status"] == "in-progress")
        return self.session("clinician").post(f"{path}/finish", body or COUGH)

    def reply(self, number: str, words: str) -> int:
        """A patient's reply by the carrier's webhook; the HTTP status."""
        with self.system.as_environment():
            return carrier.reply(self.system.gateway_url, number, self.elm.sender_number, words)

    def texts(self, appointment: Json) -> list[tuple[str, str, str | None]]:
        """(kind, status, reason) of each text about an appointment, in their order."""
        rows = self.session().all("/v1/texts", appointment_id=appointment["appointment_id"])
        return [(row["kind"], row["status"], row["reason"]) for row in rows]

    def sent_to(self, number: str) -> list[Json]:
        """The texts about visits that the sandbox's carrier was handed for a number."""
        kept = "SELECT sandbox_texts.* FROM sandbox_texts JOIN texts USING (network_id, attempt_id)"
        return self.rows("notifications", f"{kept} WHERE to_number = %(n)s", n=number)

    def rows(self, service: str, statement: str, **params: Any) -> list[Json]:
        """Rows of a service's database as the superuser, whom no policy binds."""
        with closing(psycopg2.connect(self.system.admin_url(service), cursor_factory=RealDictCursor)) as connection:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement, params)
                return [dict(row) for row in cursor.fetchall()] if cursor.description else []

    def events_of(self, service: str, subject: str) -> list[str]:
        """The event types that were told of an aggregate, by version."""
        told = "SELECT type FROM outbox WHERE aggregate_id = %(id)s ORDER BY version"
        return [row["type"] for row in self.rows(service, told, id=subject)]

    def command(self, *arguments: str, given: str = "", **settings: str) -> "subprocess.CompletedProcess[str]":
        """`frontdesk ...` against this system, with `given` on its standard input."""
        environment = {**self.system.environment, **settings}
        command = [sys.executable, "-m", "cli", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=environment, input=given, capture_output=True, text=True, check=False
        )

    @property
    def checker(self) -> Checker:
        return Checker(self.system.admin_url)

    def wait_until(self, true: Callable[[], Any], within: float = 60.0) -> None:
        self.system.wait_until(lambda: bool(true()), within)

    def settle(self, within: float = 120.0) -> None:
        """Returns when nothing is on its way any more; says what still is where that takes too long."""
        deadline = time.monotonic() + within
        while waiting := self.checker.waiting():
            assert time.monotonic() < deadline, waiting
            self.system.look_after()
            time.sleep(0.25)


COUGH = {
    "diagnoses": [{"system": ICD10, "code": "J06.9"}, {"system": ICD10, "code": "R05.9"}],
    "procedures": [
        {"system": CPT, "code": "99213", "units": 1, "diagnosis_pointers": [1, 2]},
        {"system": CPT, "code": "36415", "units": 3, "diagnosis_pointers": [2]},
    ],
}


def answer(api: Api, method: str, path: str, body: Json | None = None, **headers: str) -> Answer:
    """One request as that caller, whatever becomes of it."""
    sent = {"Authorization": f"Bearer {api.token}", "Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    raw = None if body is None else json.dumps(body)
    url, patience = api.base_url + path, urllib3.Timeout(connect=2, read=30)
    got = urllib3.request(method, url, body=raw, headers=sent, timeout=patience, retries=False)
    return Answer(got.status, json.loads(got.data or b"{}"))


def is_out(person: Api) -> bool:
    """Whether that session is at an end."""
    return answer(person, "GET", "/v1/me").status == 401


def stamp(instant: datetime) -> str:
    """RFC 3339 in UTC."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(scope="session")
def desk(system: RunningSystem) -> Desk:
    """The session's desk."""
    return desk_of(system)


@pytest.fixture(scope="module")
def _second_door(system: RunningSystem) -> Iterator[str]:
    """Two more processes, and no more than that is shared with the first two but the databases."""
    scheduling = system.start_another("scheduling", "scheduling-b")
    system.start_another("gateway", "gateway-b")
    system.restart("gateway-b", FRONTDESK_SCHEDULING_URL=f"http://{scheduling}")
    yield f"http://{system.address('gateway-b')}"
    system.end_another("gateway-b")
    system.end_another("scheduling-b")


@pytest.fixture
def second_gateway(desk: Desk, _second_door: str) -> Api:
    """The secretary at another gateway process with another scheduling behind it; her session holds there too."""
    return Api(_second_door, desk.session().token)


def desk_of(system: RunningSystem, now: datetime | None = None) -> Desk:
    """A desk on any system, with networks that nobody else has there; at ten in the morning if it is not said when."""
    morning = now or datetime.now(NEW_YORK).replace(hour=10, minute=0, second=0, microsecond=0)
    tag = secrets.token_hex(2)
    with system.as_environment():
        set_clock(Path(system.environment["FRONTDESK_CLOCK_FILE"]), morning)
        time.sleep(1.1)  # every process reads the clock within a second
        networks = {name: seed(system.gateway_url, plan) for name, plan in _plans(tag).items()}
    return Desk(system, networks, morning)


def _plans(tag: str) -> dict[str, Plan]:
    number = f"+1202{int(tag, 16) + 2_000_000:07d}"
    elm = Plan(f"Elm{tag} Clinics", number, (("Elm Street", "America/New_York"), ("Riverside", "America/Chicago")))
    other = f"+1203{int(tag, 16) + 2_000_000:07d}"
    return {"elm": elm, "harbor": Plan(f"Harbor{tag} Health", other, (("Harbor", "America/Los_Angeles"),))}
