"""What the gateway adds to the services' answers: keys, versions, problems, two services in one request."""

import json
from typing import Any

import pytest

from gateway.routes.text_gateway import sign
from shared.calls.outcomes import CallRefused, CallUnavailable, CallUnknown
from shared.ids import new_id
from tests.fix_gateway import WEBHOOK_SECRET, Front

CORRELATION = {"Frontdesk-Correlation-Id": "0193a1f0-0000-7000-8000-00000000000f"}
APPOINTMENT = {"appointment_id": str(new_id()), "version": 1, "status": "booked", "internal": "never shown"}


def booking(front: Front, **more: Any) -> dict[str, Any]:
    ids = {"practitioner_id": str(new_id()), "appointment_type_id": str(new_id())}
    return {"site_id": str(front.site_id), **ids, "start_at": "2026-11-24T10:00:00-05:00", **more}


def commands(front: Front) -> list[tuple[str, str | None]]:
    return [(f"{service}.{name}", key) for service, name, _, _, key in front.asked]


def scheduling_asks_first(front: Front) -> None:
    """Scheduling knows nobody: it books when it is told that records was asked."""

    def book(_body: dict[str, Any]) -> dict[str, Any]:
        if not front.asked[-1][3].patients_seen:
            raise CallRefused("patient-unseen", 409, {})
        return APPOINTMENT

    front.answers["scheduling.book_appointment"] = book


def test_booking_a_patient_whom_scheduling_knows_asks_nobody_else(front: Front) -> None:
    """It is scheduling that decides. Seen red by: saying that records was asked before it was."""
    front.answers["scheduling.book_appointment"] = APPOINTMENT
    body = booking(front, patient_id=str(new_id()))
    answer = front.post("/v1/appointments", body, front.token(), headers={"Idempotency-Key": "k-1"})
    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Idempotency-Key"] == "k-1"
    assert commands(front) == [("scheduling.book_appointment", "k-1/book")]
    assert front.asked[-1][2]["start_at"] == "2026-11-24T15:00:00Z"
    assert front.asked[-1][3].patients_seen is False


def test_of_a_patient_whom_scheduling_does_not_know_records_is_asked_before_it_books(front: Front) -> None:
    """The question is the access check. Seen red by: booking anyway."""
    patient_id = str(new_id())
    front.answers["records.patient_seen"] = {"patient_id": patient_id}
    scheduling_asks_first(front)
    body = booking(front, patient_id=patient_id)
    answer = front.post("/v1/appointments", body, front.token(), headers={"Idempotency-Key": "k-1"})
    assert answer.status_code == 201
    assert commands(front) == [
        ("scheduling.book_appointment", "k-1/book"),
        ("records.patient_seen", None),
        ("scheduling.book_appointment", "k-1/book"),
    ]


def test_a_patient_who_is_not_hers_is_not_booked(front: Front) -> None:
    scheduling_asks_first(front)
    answer = front.post("/v1/appointments", booking(front, patient_id=str(new_id())), front.token())
    assert (answer.status_code, answer.json["slug"]) == (404, "not-found")
    assert commands(front)[1:] == [("records.patient_seen", None)]


def test_a_new_caller_is_registered_and_booked_under_two_derived_keys(front: Front) -> None:
    patient_id = str(new_id())
    front.answers |= {
        "scheduling.prepare_booking": {},
        "records.register_patient": {"patient_id": patient_id},
        "scheduling.book_appointment": lambda body: {**APPOINTMENT, "patient_id": body["patient_id"]},
    }
    body = booking(front, new_patient={"given": "Maria", "family": "Lindqvist", "phone": "+12025550123"})
    answer = front.post("/v1/appointments", body, front.token(), headers={"Idempotency-Key": "k-2"})
    assert answer.json["patient_id"] == patient_id
    assert commands(front) == [
        ("scheduling.prepare_booking", "k-2/book"),
        ("records.register_patient", "k-2/register"),
        ("scheduling.book_appointment", "k-2/book-newcomer"),
    ]
    assert front.asked[-1][3].patients_seen
    assert front.asked[1][2]["site_id"] == str(front.site_id)


@pytest.mark.parametrize(("slug", "status"), [("idempotency-key-reused", 422), ("not-found", 404)])
def test_nobody_is_registered_for_a_booking_that_cannot_be(front: Front, slug: str, status: int) -> None:
    """Seen red by: registering first."""
    front.answers |= {
        "scheduling.prepare_booking": CallRefused(slug, status, {}),
        "records.register_patient": {"patient_id": str(new_id())},
    }
    body = booking(front, new_patient={"given": "Maria", "family": "Lindqvist"})
    answer = front.post("/v1/appointments", body, front.token(), headers={"Idempotency-Key": "k-3"})
    assert (answer.status_code, answer.json["slug"]) == (status, slug)
    assert commands(front) == [("scheduling.prepare_booking", "k-3/book")]


@pytest.mark.requirement("1d")
def test_a_taken_time_names_the_next_free_times_and_who_was_registered_meanwhile(front: Front) -> None:
    """Seen red by: a refusal's details that go no further; who was registered left out of them."""
    patient_id, times = str(new_id()), [{"start_at": "2026-11-24T16:00:00Z", "end_at": "2026-11-24T16:30:00Z"}]
    front.answers |= {
        "scheduling.prepare_booking": {},
        "records.register_patient": {"patient_id": patient_id},
        "scheduling.book_appointment": CallRefused("appointment-overlaps", 409, {"next_free_times": times}),
    }
    body = booking(front, new_patient={"given": "Maria", "family": "Lindqvist"})
    answer = front.post("/v1/appointments", body, front.token())
    assert (answer.status_code, answer.json["slug"]) == (409, "appointment-overlaps")
    assert answer.json["details"] == {"next_free_times": times, "patient_id": patient_id}


def test_only_fields_of_the_schema_leave_the_gateway(front: Front) -> None:
    front.answers["scheduling.appointment"] = APPOINTMENT
    answer = front.get(f"/v1/appointments/{new_id()}", front.token())
    assert "internal" not in answer.json


@pytest.mark.requirement("26c")
def test_a_language_goes_to_records_and_comes_back_and_null_takes_it_away(front: Front) -> None:
    """Seen red by: a field that the body, or the answer, does not have; null refused; one that is left out told as
    null."""
    patient = {"patient_id": str(new_id()), "version": 1, "language": "es-MX"}
    front.answers |= dict.fromkeys(("records.register_patient", "records.change_patient", "records.patient"), patient)
    token, path = front.token(), f"/v1/patients/{patient['patient_id']}"
    person = {"site_id": str(front.site_id), "given": "Maria", "family": "Lindqvist"}
    bodies = [("POST", "/v1/patients", {**person, **told}) for told in ({"language": "es-MX"}, {"language": None}, {})]
    bodies += [("PATCH", path, told) for told in ({"language": "fr"}, {"language": None}, {"given": "Mary"})]
    answers = [front.request(method, at, token, json=body) for method, at, body in bodies]
    assert [answer.json["language"] for answer in (*answers, front.get(path, token))] == ["es-MX"] * 7
    told = [asked[2].get("language", "left out") for asked in front.asked if asked[1] != "patient"]
    assert told == ["es-MX", None, "left out", "fr", None, "left out"]


def test_what_is_no_language_is_refused_by_its_field(front: Front) -> None:
    """Seen red by: any words taken for one."""
    for method, path in (("POST", "/v1/patients"), ("PATCH", f"/v1/patients/{new_id()}")):
        person = {"site_id": str(front.site_id), "given": "Maria", "family": "Lindqvist"} if method == "POST" else {}
        answer = front.request(method, path, front.token(), json={**person, "language": "Spanish"})
        assert (answer.status_code, [it["field"] for it in answer.json["errors"]]) == (422, ["language"])
    assert front.asked == []


def test_if_match_becomes_the_version_of_the_command(front: Front) -> None:
    front.answers["scheduling.check_in"] = {**APPOINTMENT, "version": 4}
    path = f"/v1/appointments/{new_id()}/check-in"
    answer = front.post(path, None, front.token(), headers={"If-Match": '"3"'})
    assert front.asked[-1][2]["version"] == 3
    assert answer.headers["ETag"] == '"4"'


def test_a_stale_version_is_412_with_advice(front: Front) -> None:
    front.answers["scheduling.check_in"] = CallRefused("stale-version", 412, {})
    answer = front.post(f"/v1/appointments/{new_id()}/check-in", None, front.token(), headers={"If-Match": '"3"'})
    assert (answer.status_code, answer.json["slug"]) == (412, "stale-version")
    assert "detail" in answer.json


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/v1/appointments", 401),
        ("POST", "/v1/nowhere", 404),
        ("PUT", "/v1/sites", 405),
        ("POST", "/v1/sessions", 422),
    ],
)
def test_the_key_comes_back_on_errors_too(front: Front, method: str, path: str, status: int) -> None:
    answer = front.request(method, path, headers={"Idempotency-Key": "k-3"}, json={})
    assert (answer.status_code, answer.headers["Idempotency-Key"]) == (status, "k-3")
    assert answer.headers["Content-Type"] == "application/problem+json"
    made_up = front.request(method, path, json={})
    assert len(made_up.headers["Idempotency-Key"]) == 36


@pytest.mark.parametrize("key", ["", "a b", "k" * 201, "caf\u00e9"])
def test_a_key_is_visible_ascii(front: Front, key: str) -> None:
    answer = front.post("/v1/sessions", {}, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json["slug"]) == (400, "malformed-key")


def test_unknown_fields_are_refused_by_name(front: Front) -> None:
    body = {"site_id": str(front.site_id), "given": "A", "family": "B", "version": 7, "coverage": {"payer": "x"}}
    answer = front.post("/v1/patients", body, front.token())
    assert answer.status_code == 422
    assert {"version", "coverage.payer", "coverage.payer_name"} == {one["field"] for one in answer.json["errors"]}
    assert front.get("/v1/sites", front.token(), params={"all": "1"}).status_code == 422


def test_a_body_over_the_bound_is_413_unread(front: Front) -> None:
    answer = front.request("POST", "/v1/patients", front.token(), body=b'{"given":"' + b"x" * 70_000 + b'"}')
    assert (answer.status_code, answer.json["slug"]) == (413, "too-large")


def test_another_content_type_is_415(front: Front) -> None:
    headers = {"Content-Type": "text/plain"}
    answer = front.request("POST", "/v1/patients", front.token(), headers=headers, body=b"{}")
    assert answer.status_code == 415


def test_a_service_that_is_away_is_503_with_retry_after(front: Front) -> None:
    front.answers["scheduling.sites"] = CallUnavailable(4)
    answer = front.get("/v1/sites", front.token())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "4")


def test_an_unknown_outcome_is_not_told_as_a_failure(front: Front) -> None:
    front.answers["scheduling.check_in"] = CallUnknown()
    answer = front.post(f"/v1/appointments/{new_id()}/check-in", None, front.token())
    assert (answer.status_code, answer.json["slug"]) == (504, "outcome-unknown")
    assert "same Idempotency-Key" in answer.json["detail"]


def test_a_failure_of_ours_says_nothing_of_its_cause(front: Front) -> None:
    front.answers["scheduling.sites"] = RuntimeError("Key (ssn)=(000-00-0000) already exists")
    answer = front.get("/v1/sites", front.token(), headers=CORRELATION)
    assert answer.status_code == 500
    assert "ssn" not in answer.text
    assert answer.json["correlation_id"] == CORRELATION["Frontdesk-Correlation-Id"]


def test_an_encounter_on_its_way_is_pending_and_not_missing(front: Front) -> None:
    """Seen red by: passing on the 404 of records."""
    front.answers["scheduling.arrived_encounter"] = {"pending": True, "appointment_id": str(new_id())}
    encounter = f"/v1/encounters/{new_id()}"
    token = front.token("clinician")
    reading = front.get(encounter, token)
    finishing = front.post(f"{encounter}/finish", {"diagnoses": [], "procedures": []}, token)
    assert (reading.status_code, reading.json["status"], reading.headers["Retry-After"]) == (202, "pending", "1")
    assert (finishing.status_code, finishing.json["slug"]) == (409, "encounter-pending")
    assert finishing.headers["Retry-After"] == "1"


def test_an_encounter_that_nobody_knows_is_404(front: Front) -> None:
    assert front.get(f"/v1/encounters/{new_id()}", front.token()).status_code == 404


def test_a_caller_is_answered_with_patients_and_coming_appointments(front: Front) -> None:
    patient = {"patient_id": str(new_id()), "version": 1, "given": "Maria", "family": "Lindqvist"}
    front.answers |= {
        "records.patients": {"items": [patient], "next": None},
        "scheduling.coming_appointments": {"items": [APPOINTMENT], "next": None},
    }
    answer = front.get("/v1/callers", front.token(), params={"phone": "+12025550123"})
    assert [one["patient_id"] for one in answer.json["patients"]] == [patient["patient_id"]]
    assert [one["appointment_id"] for one in answer.json["appointments"]] == [APPOINTMENT["appointment_id"]]


def test_a_number_of_very_many_patients_says_that_there_are_more(front: Front) -> None:
    """Seen red by: `more` without the patients' next page."""
    patient = {"patient_id": str(new_id()), "version": 1, "given": "Maria", "family": "Lindqvist"}
    front.answers |= {
        "records.patients": {"items": [patient] * 200, "next": "more"},
        "scheduling.coming_appointments": {"items": [], "next": None},
    }
    answer = front.get("/v1/callers", front.token(), params={"phone": "+12025550123"})
    assert (len(answer.json["patients"]), answer.json["more"]) == (200, True)


def test_tasks_of_a_source_that_is_away_are_unknown_and_not_none(front: Front) -> None:
    """Seen red by: leaving out the source."""
    task = {"task_id": str(new_id()), "reason": "no-phone", "opened_at": "2026-11-23T15:00:00+00:00"}
    front.answers |= {
        "billing.tasks": CallUnavailable(),
        "notifications.tasks": {"items": [task], "next": None},
    }
    answer = front.get("/v1/tasks", front.token(), params={"site_id": str(front.site_id)})
    assert [(one["source"], one["reason"]) for one in answer.json["items"]] == [("notifications", "no-phone")]
    assert {one["source"]: one["state"] for one in answer.json["sources"]} == {
        "billing": "unknown",
        "notifications": "ok",
    }


def test_a_cursor_goes_back_sealed_and_comes_in_opened(front: Front) -> None:
    front.answers["billing.claims"] = lambda body: {"items": [], "next": body.get("cursor", "inner")}
    token = front.token("biller")
    first = front.get("/v1/claims", token, params={"status": "held"}).json["next"]
    assert first != "inner"
    front.get("/v1/claims", token, params={"status": "held", "cursor": first})
    assert front.asked[-1][2]["cursor"] == "inner"
    assert front.get("/v1/claims", token, params={"status": "active", "cursor": first}).status_code == 422


REPLY = {"from_number": "+12025550123", "to_number": "+12025550150", "body": "STOP", "message_id": "m-1"}


def reply(front: Front, body: Any = REPLY, signature: str | None = None, raw: bytes | None = None) -> Any:
    sent = json.dumps(body).encode() if raw is None else raw
    given = sign(WEBHOOK_SECRET, sent) if signature is None else signature
    headers = {"Content-Type": "application/json", "Frontdesk-Signature": given}
    return front.request("POST", "/v1/text-gateway/replies", headers=headers, body=sent)


def test_a_signed_reply_goes_to_the_network_of_its_number(front: Front) -> None:
    front.answers |= {
        "notifications.network_of_sender": {"network_id": str(front.network_id)},
        "notifications.receive_reply": {"message_id": "m-1"},
    }
    assert reply(front).status_code == 200
    (_, _, _, _, no_key), (_, _, body, asker, key) = front.asked
    assert no_key is None
    assert body == REPLY
    assert asker.network_id == front.network_id
    assert asker.scopes == frozenset({"texts:reply"})
    reply(front)
    assert front.asked[-1][4] == key


@pytest.mark.parametrize(
    "signature", ["", "sha256=", "sha256=" + "0" * 64, "md5=abc", sign("another secret", json.dumps(REPLY).encode())]
)
def test_a_reply_without_our_signature_changes_nothing(front: Front, signature: str) -> None:
    """Seen red by: accepting a missing header."""
    assert reply(front, signature=signature).status_code == 403
    assert front.asked == []


def test_a_reply_that_was_changed_after_signing_is_refused(front: Front) -> None:
    signed = sign(WEBHOOK_SECRET, json.dumps(REPLY).encode())
    assert reply(front, {**REPLY, "body": "START"}, signature=signed).status_code == 403


def test_a_reply_is_bounded_and_strict(front: Front) -> None:
    assert reply(front, raw=b"x" * 9000).status_code == 413
    assert reply(front, raw=b'{"body":"a","body":"b"}').status_code == 400
    assert reply(front, {**REPLY, "network_id": str(new_id())}).status_code == 422


def test_the_description_and_the_pages_need_nothing_from_outside(front: Front) -> None:
    assert front.get("/openapi.json").json["openapi"] == "3.1.0"
    for path in ("/day", "/docs"):
        page = front.get(path)
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "http://" not in page.text
        assert "https://" not in page.text
    assert front.get("/").headers["Location"] == "/day"


def test_a_sandbox_is_shown_by_simulated_installations_alone(front: Front) -> None:
    front.answers["notifications.sandbox_texts"] = {"items": [], "next": None}
    token = front.token()
    assert front.get("/v1/sandbox/texts", token).status_code == 200
    object.__setattr__(front.door, "simulated", False)
    assert front.get("/v1/sandbox/texts", token).status_code == 404


def test_nobody_writes_to_a_patient_before_records_has_said_that_she_is_the_callers(front: Front) -> None:
    """Seen red by: `require_patient` left out of write_text."""
    patient_id = str(new_id())
    front.answers["notifications.write_text"] = {"free_text_id": str(new_id()), "status": "due", "internal": "no"}
    body = {"site_id": str(front.site_id), "patient_id": patient_id, "body": "Bring your card."}
    path = f"/v1/conversations/{new_id()}/texts"
    front.answers["records.patient_seen"] = CallRefused("not-found", 404, {})
    assert front.post(path, body, front.token()).status_code == 404
    assert commands(front)[-1] == ("records.patient_seen", None)
    front.answers["records.patient_seen"] = {"patient_id": patient_id}
    answer = front.post(path, body, front.token(), headers={"Idempotency-Key": "k-1"})
    assert (answer.status_code, "internal" in answer.json) == (201, False)
    assert commands(front)[-1] == ("notifications.write_text", "k-1")
    assert front.asked[-1][3].patients_seen
