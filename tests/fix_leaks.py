"""`leaks`: the main job and the ways it fails, played with values that nobody else has, while the broker traces."""

import json
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg2
import pytest
import urllib3
from fix_desk import Desk
from leak_channels import Channel, channels, firehose
from leak_scanner import Scanner

from cli import carrier
from cli.api import Api
from shared.ids import new_id

Json = dict[str, Any]
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
CPT = "http://www.ama-assn.org/go/cpt"


@dataclass
class Leaks:
    """What was let in, and where it must not come out."""

    canaries: Mapping[str, str]
    channels: Mapping[str, Channel]

    def hits(self, channel: str) -> set[str]:
        return Scanner(self.canaries).hits(self.channels[channel].read())


@dataclass
class Run:
    """One caller's day with canaries. `problems`: every answer that was not a success, with its headers."""

    desk: Desk
    canaries: dict[str, str] = field(default_factory=dict)
    problems: list[bytes] = field(default_factory=list)

    def canary(self, what: str, value: str = "") -> str:
        """A value that nobody else has, or `value`, remembered under `what`."""
        return self.canaries.setdefault(what, value or f"{what} Zoë O'K{secrets.token_hex(6)}")

    def ask(self, method: str, path: str, body: Any = None, token: str = "", **headers: str) -> tuple[int, Json]:
        """One request; the answer is kept where it is no success."""
        raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {token or self.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in sent.items() if value}
        got = urllib3.request(method, self.desk.system.gateway_url + path, body=raw, headers=sent, retries=False)
        if got.status >= 400:
            self.problems.append(json.dumps(dict(got.headers)).encode() + got.data)
        return got.status, json.loads(got.data or b"{}") if got.data[:1] in b"{[" else {}

    def do(self, method: str, path: str, body: Any = None, **more: str) -> Json:
        """A request that succeeds."""
        status, answer = self.ask(method, path, body, **more)
        assert status < 300, (method, path, status, answer)
        return answer

    @property
    def token(self) -> str:
        return self.desk.session("manager").token


def play(run: Run) -> None:
    """The main job, then everything that can go wrong on the way."""
    patient = _register(run)
    _sign_ins(run)
    _look_up(run)
    visit = _visits(run, patient)
    _refusals(run, visit)
    _nonsense(run)
    _broken_parts(run)
    _replies(run)
    run.desk.settle()


def _person(run: Run, which: str = "") -> Json:
    area, digits = "628", f"{2_000_000 + secrets.randbelow(7_000_000)}"
    number = run.canary(f"phone{which}", area + digits)
    run.canary(f"phone with brackets{which}", f"({area}) {digits[:3]}-{digits[3:]}")
    run.canary(f"phone with dashes{which}", f"{area}-{digits[:3]}-{digits[3:]}")
    year, day = 1900 + secrets.randbelow(20), 10 + secrets.randbelow(18)
    run.canary(f"birth date{which}", f"{year}-03-{day}")
    run.canary(f"birth date in words{which}", f"03/{day}/{year}")
    return {
        "given": run.canary(f"given{which}"),
        "family": run.canary(f"family{which}"),
        "birth_on": run.canaries[f"birth date{which}"],
        "phone": f"+1{number}",
        "texting_consent": True,
        "coverage": {"payer_name": run.canary(f"payer{which}"), "member_id": run.canary(f"member{which}")},
    }


def _register(run: Run) -> Json:
    site_id = run.desk.elm.sites[0]["site_id"]
    patient = run.do("POST", "/v1/patients", {"site_id": site_id, **_person(run)})
    path = f"/v1/patients/{patient['patient_id']}"
    number = patient["phones"][0]["number"]
    consent = {"number": number, "purpose": "reminders", "given": True, "evidence": run.canary("evidence")}
    run.do("POST", f"{path}/consents", consent)
    second = run.canary("phone of another", f"6285{secrets.randbelow(10**6):06d}")
    run.do("PATCH", path, {"phones": [{"number": number}, {"number": f"+1{second}"}]})
    coverage = {"payer_name": run.canary("payer later"), "payer_id": "60054", "member_id": run.canary("member later")}
    run.do("PUT", f"{path}/coverages", {"coverages": [coverage]})
    return patient


def _sign_ins(run: Run) -> None:
    desk, gateway = run.desk, run.desk.system.gateway_url
    account = desk.elm.accounts["secretary"]
    run.canary("password", account.password)
    opened = run.do("POST", "/v1/sessions", {"login": account.login, "password": account.password}, token="-")
    run.canary("access token", opened["access_token"])
    run.canary("renewal", opened["refresh_token"])
    run.canary(
        "next renewal",
        run.do("POST", "/v1/sessions/renewals", {"refresh_token": opened["refresh_token"]})["refresh_token"],
    )
    client = desk.elm.accounts["integration"]
    run.canary("client secret", client.password)
    api = Api(gateway)
    api.sign_in_as_client(client.login, client.password)
    run.canary("program's token", api.token)
    wrong = {"login": run.canary("login typed wrong"), "password": run.canary("password typed wrong")}
    run.ask("POST", "/v1/sessions", wrong)
    run.ask("POST", "/v1/sessions", {"login": account.login, "password": run.canaries["password typed wrong"]})
    run.ask(
        "POST", "/v1/sessions/renewals", {"refresh_token": run.canary("renewal made up", secrets.token_urlsafe(32))}
    )
    form = urlencode(
        {
            "grant_type": "client_credentials",
            "client_id": "nobody",
            "client_secret": run.canary("secret made up", secrets.token_urlsafe(32)),
        }
    )
    run.ask("POST", "/v1/oauth/token", form.encode(), Content_Type="application/x-www-form-urlencoded")
    run.ask("GET", "/v1/me", token=run.canary("token made up", f"eyJ{secrets.token_urlsafe(40)}"))
    run.ask("GET", "/v1/me", token=f"{opened['access_token'][:-6]}AAAAAA")


def _look_up(run: Run) -> None:
    spelled = ("phone", "phone with brackets", "phone with dashes")
    for number in (f"+1{run.canaries['phone']}", *(run.canaries[name] for name in spelled)):
        run.do("GET", f"/v1/callers?{urlencode({'phone': number})}")
        run.do("GET", f"/v1/patients?{urlencode({'phone': number})}")
    run.do("GET", f"/v1/patients?{urlencode({'family': run.canaries['family']})}")
    run.do("GET", f"/v1/patients?{urlencode({'birth_on': run.canaries['birth date']})}")
    site_id = run.desk.elm.sites[1]["site_id"]
    known = {"birth_on": run.canaries["birth date"], "member_id": run.canaries["member later"]}
    run.do("POST", "/v1/patients/open", {"site_id": site_id, **known})
    run.ask(
        "POST", "/v1/patients/open", {"site_id": site_id, "member_id": run.canary("member of nobody"), "family": "No"}
    )


def _visits(run: Run, patient: Json) -> Json:
    """Booked, moved, cancelled, brought back, seen, billed."""
    diary = run.desk.diary()
    first = run.do("POST", "/v1/appointments", diary.body(0, patient_id=patient["patient_id"]))
    path = f"/v1/appointments/{first['appointment_id']}"
    run.desk.wait_until(lambda: run.desk.sent_to(f"+1{run.canaries['phone']}"))
    run.do("POST", f"{path}/move", {"start_at": diary.start(2)})
    run.do("POST", f"{path}/cancel", {"reason": run.canary("reason")})
    run.do("POST", f"{path}/reinstate")
    encounter = run.do("POST", f"{path}/check-in")["encounter_id"]
    where = f"/v1/encounters/{encounter}"
    run.desk.wait_until(lambda: run.ask("GET", where)[1].get("status") == "in-progress")
    code = run.canary("diagnosis", f"Z{secrets.token_hex(5)}")
    done = {"system": CPT, "code": "99213", "units": 1, "diagnosis_pointers": [1]}
    run.do("POST", f"{where}/finish", {"diagnoses": [{"system": ICD10, "code": code}], "procedures": [done]})
    for place, text in enumerate(run.desk.sent_to(f"+1{run.canaries['phone']}")):
        run.canary(f"text {place}", text["body"])
    return {"diary": diary, "path": path, "patient": f"/v1/patients/{patient['patient_id']}"}


def _refusals(run: Run, visit: Json) -> None:
    """Each of these is a no that has patient data in the question."""
    diary, key = visit["diary"], str(new_id())
    booked = diary.body(2, new_patient=_person(run, " 2"))
    run.ask("POST", "/v1/appointments", booked)
    run.ask("POST", "/v1/appointments", booked, Idempotency_Key=key)
    run.ask("POST", "/v1/appointments", {**booked, "start_at": diary.start(9)}, Idempotency_Key=key)
    run.ask("PATCH", visit["patient"], {"given": run.canary("given too late")}, If_Match='"1"')
    run.ask("PATCH", f"/v1/patients/{new_id()}", {"family": run.canary("family of nobody")})
    run.ask("POST", f"{visit['path']}/cancel", {"reason": run.canary("reason too late")})
    run.ask("POST", f"/v1/appointments/{new_id()}/cancel", {"reason": run.canary("reason for nothing")})
    run.ask("POST", f"{visit['path']}/move", {"start_at": f"tomorrow, says {run.canary('mover')}"})


def _nonsense(run: Run) -> None:
    """What no schema takes, and what is no request at all."""
    site, word = {"site_id": run.desk.elm.sites[0]["site_id"]}, run.canary("nonsense")
    good = {**site, "given": "A", "family": "B"}
    for wrong in (
        {"phone": word}, {"birth_on": word}, {"given": {"x": word}}, {"given": word * 20}, {"given": word + "\x07"},
        {"coverage": word}, {"coverage": {"payer_name": [word]}}, {"texting_consent": word}, {"site_id": word},
        {"nickname": word},
    ):  # fmt: skip
        run.ask("POST", "/v1/patients", {**good, **wrong})
    malformed = (f'{{"given": "{word}"', f'["{word}"]', f'"{word}"', f'{{"given": "{word}", "given": "{word}"}}')
    for body in malformed:
        run.ask("POST", "/v1/patients", body.encode())
    run.ask("POST", "/v1/patients", json.dumps({**good, "given": word * 9000}).encode())
    run.ask("POST", "/v1/patients", f"given={word}".encode(), Content_Type="text/plain")
    for name in ("phone", "family", "birth_on", "cursor", "limit", "nickname"):
        run.ask("GET", f"/v1/patients?{urlencode({name: word})}")
        run.ask("GET", f"/v1/callers?{urlencode({name: word})}")
    path = urlencode({"": word})[1:]
    for address in (f"/v1/patients/{path}", f"/v1/{path}", f"/{path}?x={path}"):
        run.ask("GET", address)
        run.ask("DELETE", address)
    run.ask("POST", "/v1/text-gateway/replies", {"body": word}, Frontdesk_Signature="sha256=00")
    _raw(run, word.encode())


def _raw(run: Run, word: bytes) -> None:
    """Bytes that the HTTP server itself refuses."""
    address = urlsplit(run.desk.system.gateway_url)
    internal = run.desk.system.address("records").rpartition(":")
    for host, port in ((address.hostname, address.port), (internal[0], int(internal[2]))):
        for request in (
            b"GET /" + word + b"\r\n\r\n",
            b"GET /" + word.replace(b" ", b"+") * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: x\r\nX: " + word * 9000 + b"\r\n\r\n",
            b"POST /v1/patients HTTP/1.1\r\nHost: x\r\nContent-Length: " + word + b"\r\n\r\n",
            b"POST /v1/patients HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n" + word,
            b"POST /commands/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz" + word + b"\r\n\r\n",
        ):
            run.problems.append(_spoken(host, port, request))


def _spoken(host: str | None, port: int | None, request: bytes) -> bytes:
    with socket.create_connection((host, port), timeout=2) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(65536)
        except OSError:
            return b""


def _broken_parts(run: Run) -> None:
    """A database that quotes what it refuses; an event that cannot be handled; a broker that refuses a login."""
    desk, site = run.desk, {"site_id": run.desk.elm.sites[0]["site_id"]}
    with _quoting(desk, "records", run.canary("family refused")):
        status, _ = run.ask("POST", "/v1/patients", {**site, "given": "A", "family": run.canaries["family refused"]})
        assert status >= 500
    with _quoting(desk, "scheduling", run.canary("family parked")):
        run.do("POST", "/v1/patients", {**site, "given": "A", "family": run.canaries["family parked"]})
        desk.wait_until(lambda: _parked(desk))
    for name in _parked(desk):
        desk.command("parked", "retry", name)  # unless the first retry of `work` was quicker
    desk.wait_until(lambda: not _parked(desk))
    for statement in (
        "SELECT %(w)s::date", "SELECT %(w)s::uuid", "SELECT %(w)s::json", "SELECT 1 / 0 AS \"%(w)s\"",
        "INSERT INTO patients SELECT * FROM patients WHERE family = %(w)s", "SELECT %(w)s::nothing",
    ):  # fmt: skip
        with pytest.raises(psycopg2.Error):
            desk.rows("records", statement, w=run.canaries["family"])


@contextmanager
def _quoting(desk: Desk, service: str, family: str) -> Iterator[None]:
    """The patients of this name are refused meanwhile, in words that hold the name."""
    desk.rows(
        service,
        "CREATE FUNCTION quoting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.family = %(family)s THEN"
        " RAISE EXCEPTION 'no %%', NEW.family; END IF; RETURN NEW; END $$;"
        " CREATE TRIGGER quoting BEFORE INSERT ON patients FOR EACH ROW EXECUTE FUNCTION quoting()",
        family=family,
    )
    try:
        yield
    finally:
        desk.rows(service, "DROP TRIGGER quoting ON patients; DROP FUNCTION quoting()")


def _parked(desk: Desk) -> list[str]:
    listed = desk.command("parked", "list", "--json").stdout.splitlines()
    return [row["name"] for row in map(json.loads, listed) if row["consumer"] == "scheduling.on_patient"]


def _replies(run: Run) -> None:
    desk, number = run.desk, f"+1{run.canaries['phone']}"
    with desk.system.as_environment():
        for words in (run.canary("reply"), "STOP"):
            carrier.reply(desk.system.gateway_url, number, desk.elm.sender_number, words)
        carrier.reply(desk.system.gateway_url, number, "+12025559999", run.canary("reply to nobody"))


def _secrets(desk: Desk) -> dict[str, str]:
    """Every password and key of the installation."""
    found = {}
    for file in desk.system.instance.secrets.iterdir():
        text = file.read_text("utf-8").strip()
        if text.startswith("{"):
            found |= {f"{file.name} {part}": value for part, value in json.loads(text).items() if part in ("d", "k")}
        elif file.name.endswith(("_password", "_secret", "_keys")):
            found[file.name] = text.rpartition(":")[2]
    return found


@pytest.fixture(scope="session")
def leaks(desk: Desk) -> Iterator[Leaks]:
    """The run, once a session; the channels are read when they are asked for."""
    run = Run(desk)
    with firehose(desk) as hose:
        play(run)
        hose.read()
        yield Leaks({**run.canaries, **_secrets(desk)}, channels(desk, hose, run.problems))
