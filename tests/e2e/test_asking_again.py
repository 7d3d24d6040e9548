"""A client that asks again: lost answers, at once, after a restart, with another body, as another user."""

import http.client
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from fix_desk import answer

from shared.ids import new_id


@pytest.fixture
def ask(desk):
    """`ask(api=..., **changes)`: the same booking with the same key; gives the answer."""
    diary, key, person = desk.diary(), f"key-{secrets.token_hex(8)}", desk.newcomer()
    patient = desk.register(person)
    body = diary.body(0, patient_id=patient["patient_id"])

    def once(api=None, **changes):
        api = api or desk.session()
        return answer(api, "POST", "/v1/appointments", {**body, **changes}, Idempotency_Key=key)

    once.diary, once.key, once.body, once.number = diary, key, body, person["phone"]
    return once


def _made(desk, ask):
    made = "SELECT appointment_id FROM appointments WHERE practitioner_id = %(id)s"
    return [str(row["appointment_id"]) for row in desk.rows("scheduling", made, id=ask.diary.practitioner_id)]


@pytest.mark.requirement("2a")
@pytest.mark.requirement("2d")
def test_a_client_that_lost_the_answer_and_asks_again_gets_the_same_appointment(desk, ask):
    """Seen red by: a key that is never taken (shared/database/idempotency.py)."""
    place, api = urlsplit(desk.system.gateway_url), desk.session()
    headers = {"Authorization": f"Bearer {api.token}", "Content-Type": "application/json", "Idempotency-Key": ask.key}
    lost = http.client.HTTPConnection(place.hostname, place.port)
    lost.request("POST", "/v1/appointments", json.dumps(ask.body), headers)
    lost.close()  # without a look at the answer
    first = ask()
    again = ask()
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    desk.settle()
    assert _made(desk, ask) == [first.body["appointment_id"]]
    assert desk.events_of("scheduling", first.body["appointment_id"]) == ["appointment-booked"]
    assert len(desk.sent_to(ask.number)) == 1


@pytest.mark.requirement("2b")
@pytest.mark.requirement("2d")
def test_repeats_at_the_same_moment_at_two_gateways_get_the_same_appointment(desk, ask, second_gateway):
    """Seen red by: a key that is never taken."""
    with ThreadPoolExecutor(20) as clients:
        answers = list(clients.map(lambda turn: ask((desk.session(), second_gateway)[turn % 2]), range(20)))
    assert {one.status for one in answers} == {201}
    (made,) = {one.body["appointment_id"] for one in answers}
    desk.settle()
    assert _made(desk, ask) == [made]
    assert desk.events_of("scheduling", made) == ["appointment-booked"]
    assert len(desk.sent_to(ask.number)) == 1


@pytest.mark.requirement("2c")
@pytest.mark.requirement("2d")
def test_a_repeat_after_a_restart_of_gateway_and_scheduling_gets_the_same_appointment(desk, ask):
    """Seen red by: a key that is never taken."""
    first = ask()
    desk.system.restart("scheduling")
    desk.system.restart("gateway")
    again = ask()
    assert (again.status, again.body) == (201, first.body)
    desk.settle()
    assert desk.events_of("scheduling", first.body["appointment_id"]) == ["appointment-booked"]
    assert len(desk.sent_to(ask.number)) == 1


@pytest.mark.requirement("2e")
def test_the_same_key_with_another_body_is_refused_and_changes_nothing(desk, ask):
    """Seen red by: a key that is never taken; a stored answer given without comparing the body."""
    first = ask()
    other = ask(start_at=ask.diary.start(2))
    assert (other.status, other.slug) == (422, "idempotency-key-reused")
    assert _made(desk, ask) == [first.body["appointment_id"]]
    assert desk.events_of("scheduling", first.body["appointment_id"]) == ["appointment-booked"]


@pytest.mark.requirement("2e")
def test_the_same_key_with_a_new_patient_instead_registers_nobody(desk, ask):
    """One request, two commands. Seen red by: registering before looking whether the key has booked."""
    assert ask().status == 201
    newcomer = desk.newcomer()
    body = {name: value for name, value in ask.body.items() if name != "patient_id"} | {"new_patient": newcomer}
    refused = answer(desk.session(), "POST", "/v1/appointments", body, Idempotency_Key=ask.key)
    assert (refused.status, refused.slug) == (422, "idempotency-key-reused")
    assert desk.session().get("/v1/callers", phone=newcomer["phone"])["patients"] == []


@pytest.mark.requirement("2e")
def test_the_same_key_for_somebody_known_and_for_a_newcomer_at_the_same_moment_is_one_request(desk, ask):
    """Whichever comes first is done, the other is refused and leaves nobody behind. Twenty times, since who is first
    is chance. Seen red by: `prepare_booking` with keys of its own (services/scheduling/service.py)."""
    for turn in range(20):
        key, newcomer = f"key-{secrets.token_hex(8)}", desk.newcomer()
        known = ask.diary.body(turn, patient_id=ask.body["patient_id"])
        unknown = ask.diary.body(turn, new_patient=newcomer)
        with ThreadPoolExecutor(2) as clients:
            asked = [
                clients.submit(answer, desk.session(), "POST", "/v1/appointments", body, Idempotency_Key=key)
                for body in (known, unknown)
            ]
            first, second = (one.result() for one in asked)
        assert sorted((first.status, second.status)) == [201, 422], turn
        assert {first.slug, second.slug} == {"", "idempotency-key-reused"}
        registered = desk.session().get("/v1/callers", phone=newcomer["phone"])["patients"]
        assert len(registered) == (1 if second.status == 201 else 0), turn
    assert len(_made(desk, ask)) == 20


@pytest.mark.parametrize("named", ["practitioner_id", "appointment_type_id"])
def test_a_newcomer_is_not_registered_for_what_is_not_there(desk, ask, named):
    """Seen red by: `prepare_booking` that looks at nothing (services/scheduling/operations/prepare_booking.py)."""
    newcomer = desk.newcomer()
    body = ask.diary.body(0, new_patient=newcomer) | {named: str(new_id())}
    refused = answer(desk.session(), "POST", "/v1/appointments", body, Idempotency_Key=ask.key)
    assert (refused.status, refused.slug) == (404, "not-found")
    assert desk.session().get("/v1/callers", phone=newcomer["phone"])["patients"] == []


def test_a_newcomer_whose_time_is_taken_stays_registered_and_is_named_for_the_next_try(desk, ask):
    """The one thing that is left behind, on purpose: she has called. Asked again, nobody is registered twice."""
    desk.book(ask.diary, 0)
    newcomer, key = desk.newcomer(), f"key-{secrets.token_hex(8)}"
    body = ask.diary.body(0, new_patient=newcomer)
    refused, again = (answer(desk.session(), "POST", "/v1/appointments", body, Idempotency_Key=key) for _ in range(2))
    assert (refused.status, refused.slug) == (409, "appointment-overlaps")
    assert again.body["details"] == refused.body["details"]
    (registered,) = desk.session().get("/v1/callers", phone=newcomer["phone"])["patients"]
    assert registered["patient_id"] == refused.body["details"]["patient_id"]


def test_the_same_key_of_another_user_is_a_command_of_its_own(desk, ask):
    first = ask()
    _, colleague = desk.person()
    refused = ask(colleague)
    assert (refused.status, refused.slug) == (409, "appointment-overlaps")
    other = answer(
        colleague,
        "POST",
        "/v1/appointments",
        {**ask.body, "start_at": ask.diary.start(1)},
        Idempotency_Key=f"{ask.key}-2",
    )
    assert other.status == 201
    assert other.body["appointment_id"] != first.body["appointment_id"]


def test_a_refusal_that_depended_on_what_was_stored_is_repeated_too(desk, ask):
    """The time is free again meanwhile, and the same key still says what it said."""
    taken = desk.book(ask.diary, 0)
    refused = ask()
    desk.act(taken, "cancel", {"reason": "patient called"})
    again = ask()
    assert (refused.status, again.status) == (409, 409)
    assert again.body["details"] == refused.body["details"]
