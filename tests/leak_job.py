"""The main job with canaries: registered, looked up, booked, moved, seen, billed, texted; and what is refused of it."""

import hashlib
import secrets
from urllib.parse import urlencode

from leak_run import Json, Run, person

from cli import carrier
from cli.api import Api
from shared.ids import new_id

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
CPT = "http://www.ama-assn.org/go/cpt"


def do_the_main_job(run: Run) -> None:
    """A patient's visit from the first call to the claim, every look-up, and every no on the way."""
    patient = _register(run)
    _sign_ins(run)
    _look_up(run)
    visit = _visits(run, patient)
    _refusals(run, visit)
    _conversation(run, patient)
    _call(run, visit)
    _replies(run)
    _calendar(run, visit["diary"].practitioner_id)


def _register(run: Run) -> Json:
    site_id = run.desk.elm.sites[0]["site_id"]
    patient = run.do("POST", "/v1/patients", {"site_id": site_id, **person(run)})
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
    booked = diary.body(2, new_patient=person(run, " 2"))
    run.ask("POST", "/v1/appointments", booked)
    run.ask("POST", "/v1/appointments", booked, Idempotency_Key=key)
    run.ask("POST", "/v1/appointments", {**booked, "start_at": diary.start(9)}, Idempotency_Key=key)
    run.ask("PATCH", visit["patient"], {"given": run.canary("given too late")}, If_Match='"1"')
    run.ask("PATCH", f"/v1/patients/{new_id()}", {"family": run.canary("family of nobody")})
    run.ask("POST", f"{visit['path']}/cancel", {"reason": run.canary("reason too late")})
    run.ask("POST", f"/v1/appointments/{new_id()}/cancel", {"reason": run.canary("reason for nothing")})
    run.ask("POST", f"{visit['path']}/move", {"start_at": f"tomorrow, says {run.canary('mover')}"})


def _calendar(run: Run, practitioner_id: str) -> None:
    """A link's secret is in one answer and in the address of those who read by it: in no log of theirs."""
    link = run.do("POST", f"/v1/practitioners/{practitioner_id}/calendar-links")
    secret = run.canary("calendar's secret", link["url"].rpartition("/")[2].removesuffix(".ics"))
    run.canary("hash of the calendar's secret", hashlib.sha256(secret.encode()).hexdigest())
    run.do("PUT", "/v1/calendar-settings", {"patients": "name"})
    run.do("GET", f"/v1/calendars/{secret}.ics", token="-")
    run.ask("GET", f"/v1/calendars/{run.canary('calendar guessed', secrets.token_urlsafe(32))}.ics", token="-")
    renewed = run.do("POST", f"/v1/calendar-links/{link['calendar_link_id']}/renew")
    run.canary("calendar's next secret", renewed["url"].rpartition("/")[2].removesuffix(".ics"))
    run.ask("GET", f"/v1/calendars/{secret}.ics", token="-")
    run.do("PUT", "/v1/calendar-settings", {"patients": "none"})


def _conversation(run: Run, patient: Json) -> None:
    """What somebody writes to her, what is refused of it, and both read again."""
    desk, number = run.desk, f"+1{run.canaries['phone']}"
    who = {"site_id": desk.elm.sites[0]["site_id"], "patient_id": patient["patient_id"]}
    agreed = {"number": number, "purpose": "care", "given": True, "evidence": "asked"}
    run.do("POST", f"/v1/patients/{patient['patient_id']}/consents", agreed)
    path = f"/v1/conversations/{run.do('POST', '/v1/conversations', {**who, 'number': number})['conversation_id']}"
    desk.wait_until(lambda: run.do("GET", path)["patients"][0]["why_not"] is None)
    run.do("POST", f"{path}/texts", {**who, "body": run.canary("words to her")})
    run.ask("POST", f"{path}/texts", {**who, "body": f"Reply CANCEL, {run.canary('words refused')}"})
    desk.wait_until(lambda: run.do("GET", f"{path}/said?sort=-at")["items"][0]["status"] == "accepted")


def _call(run: Run, visit: Json) -> None:
    """A call about somebody without a number, and what was noted of it."""
    silent = {"given": run.canary("given of the silent"), "family": run.canary("family of the silent")}
    booked = run.do("POST", "/v1/appointments", visit["diary"].body(5, new_patient=silent))
    calls = f"/v1/calls?site_id={booked['site_id']}&sort=-due_at&limit=200"

    def listed() -> list[Json]:
        return [it for it in run.do("GET", calls)["items"] if it["appointment_id"] == booked["appointment_id"]]

    run.desk.wait_until(listed)
    path = f"/v1/calls/{listed()[0]['task_id']}"
    run.do("POST", f"{path}/outcomes", {"outcome": "no-answer", "note": run.canary("note of a call")})
    run.ask("POST", f"{path}/outcomes", {"outcome": "gone", "note": run.canary("note refused")})
    run.do("GET", path)


def _replies(run: Run) -> None:
    desk, number = run.desk, f"+1{run.canaries['phone']}"
    with desk.system.as_environment():
        for words in (run.canary("reply"), "STOP"):
            carrier.reply(desk.system.gateway_url, number, desk.elm.sender_number, words)
        carrier.reply(desk.system.gateway_url, number, "+12025559999", run.canary("reply to nobody"))
