"""Who gets in, by when, and what is told: claims, scopes, deadlines, slugs."""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fix_calls import HERS, KEY, OTHER_SITE, SmallService, asker, new_key, until

from shared.calls.claims import Signer
from shared.calls.outcomes import CallRefused, CallUnavailable

CANARY = "CANARY-3f9a"


def raw(service: SmallService, path: str, body: bytes = b"{}", method: str = "POST", **headers: str):
    connection = http.client.HTTPConnection(service.address, timeout=10)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    answer = response.status, response.read().decode()
    connection.close()
    return answer


def bearer(audience: str = "scheduling", **changes):
    return "Bearer " + Signer(KEY.as_dict(private=True), "gateway").sign(asker(**changes), audience)


def count(service: SmallService, asking=None, **more):
    return service.client().query("count", {"site_id": str(HERS)}, asking or asker(), **more)


@pytest.mark.parametrize("path", ["/commands/add_thing", "/queries/count", "/commands/nothing", "/", "/x"])
def test_a_direct_call_without_claims_gets_nothing(small_service: SmallService, path: str):
    """Seen red by: looking for the entrypoint before the claims."""
    body = json.dumps({"site_id": str(HERS), "name": "x"}).encode()
    nothing = (401, '{"slug":"unauthenticated","details":{},"errors":[]}')
    for claims in ({}, {"Authorization": "Bearer x.y.z"}, {"Authorization": bearer("billing")}):
        assert raw(small_service, path, body, Idempotency_Key=new_key(), **claims) == nothing
    assert small_service.things() == 0


def test_a_call_without_its_scope_is_forbidden_and_audited(small_service: SmallService):
    with pytest.raises(CallRefused) as refused:
        count(small_service, asker(scopes=frozenset({"things:write"})))
    assert (refused.value.slug, refused.value.status) == ("forbidden", 403)
    assert small_service.execute("SELECT actor_id, action, decision FROM audit_entries") == [("u-1", "count", "denied")]


def test_a_question_is_in_the_audit_before_its_answer_and_so_is_a_denied_one(small_service: SmallService):
    """Seen red by: a query that is not committed; a denial without its object."""
    assert count(small_service) == {"things": 0}
    with pytest.raises(CallRefused):
        count(small_service, asker(sites=frozenset({OTHER_SITE})))
    entries = small_service.execute(
        "SELECT action, object_type, object_id, decision, correlation_id FROM audit_entries ORDER BY entry_id"
    )
    assert entries == [("count", "site", str(HERS), decision, "c-test") for decision in ("allowed", "denied")]


def test_what_comes_past_its_deadline_is_dropped(small_service: SmallService):
    late = {"Frontdesk_Deadline": str(time.time() - 1), "Idempotency_Key": new_key()}
    body = json.dumps({"site_id": str(HERS), "name": "x"}).encode()
    status, answer = raw(small_service, "/commands/add_thing", body, Authorization=bearer(), **late)
    assert (status, json.loads(answer)["slug"]) == (504, "deadline-exceeded")
    assert small_service.things() == 0


def test_a_call_that_outlasts_its_deadline_is_given_up_and_its_worker_is_free_again(small_service: SmallService):
    """Seen red by: no Timeout around the call (ten of these would stop the service for six seconds)."""
    soon = {"Frontdesk_Deadline": str(time.time() + 0.5)}
    body = json.dumps({"site_id": str(HERS)}).encode()
    for _ in range(12):
        soon["Frontdesk_Deadline"] = str(time.time() + 0.1)
        status, answer = raw(small_service, "/queries/sleep_in_the_database", body, Authorization=bearer(), **soon)
        assert (status, json.loads(answer)["slug"]) == (504, "deadline-exceeded")
    assert count(small_service) == {"things": 0}


def test_no_deadline_costs_a_connection_wherever_it_strikes(small_service: SmallService):
    """Ten commands at once need ten connections of the pool's eleven."""
    with ThreadPoolExecutor(10) as callers:
        for hurried in range(300):
            callers.submit(small_service.add, new_key(), deadline_s=0.002 + hurried / 10_000)
    with ThreadPoolExecutor(10) as callers:
        running = [callers.submit(small_service.add, new_key(), deadline_s=5, seconds=1.0) for _ in range(10)]
        until(lambda: small_service.in_transaction() == 10)
        assert all(call.result() for call in running)


def test_a_migration_beneath_a_running_service_costs_nobody_an_answer(small_service: SmallService):
    """Seen red by: a plan that has grown old not tried again; its connection given back to the pool."""
    body = json.dumps({"site_id": str(HERS), "name": "x"}).encode()
    for before in ("SELECT 1", "ALTER TABLE things ALTER COLUMN name TYPE varchar(100)", "SELECT 1"):
        small_service.execute(before)
        # By hand: a client would ask a service that failed once more.
        status, _ = raw(small_service, "/commands/add_thing", body, Authorization=bearer(), Idempotency_Key=new_key())
        assert status == 200
    assert small_service.things() == 3


BAD_BODIES = {
    "not JSON": b"{",
    "not an object": b"[]",
    "NUL": b'{"site_id": "a\\u0000"}',
    "a lone surrogate": b'{"site_id": "\\ud800"}',
    "not a number": b'{"seconds": NaN}',
    "a number without end": b'{"seconds": ' + b"9" * 5000 + b"}",
    "very deep": b"[" * 100_000,
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_a_body_that_cannot_be_stored_is_invalid(small_service: SmallService, body: bytes):
    status, answer = raw(small_service, "/queries/count", body, Authorization=bearer())
    assert (status, json.loads(answer)["slug"]) == (422, "invalid")


def test_bodies_are_bounded(small_service: SmallService):
    """What is announced too long is refused unread, so a caller need not even send it."""
    for length in (1024 * 1024 + 2, 99_999_999_999):
        status, answer = raw(small_service, "/queries/count", b"", Authorization=bearer(), Content_Length=str(length))
        assert (status, json.loads(answer)["slug"]) == (413, "body-too-large")


def test_no_text_of_an_exception_and_nothing_of_a_patient_leaves_a_service(small_service: SmallService):
    """Seen red by: answering str(error), and by logging exceptions with their text."""
    body = json.dumps({"site_id": str(HERS), "name": CANARY}).encode()
    answer = raw(small_service, "/commands/fail_with_its_text", body, Authorization=bearer(), Idempotency_Key=new_key())
    assert answer == (500, '{"slug":"internal","details":{},"errors":[]}')
    # What a process writes is read by a thread of ours, perhaps a moment after its answer.
    until(lambda: "database-failed" in "".join(small_service.output))
    assert CANARY not in "".join(small_service.output)
    assert CANARY not in small_service.page("/metrics")[1]


def test_a_service_whose_database_is_away_is_unavailable_and_not_ready(small_service: SmallService):
    small_service.execute("ALTER ROLE scheduling_app CONNECTION LIMIT 0")
    try:
        small_service.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'scheduling_app'"
        )
        with pytest.raises(CallUnavailable):
            count(small_service, deadline_s=0.5)
        assert small_service.page("/readyz")[0] == 503
        assert small_service.page("/healthz")[0] == 200
    finally:
        small_service.execute("ALTER ROLE scheduling_app CONNECTION LIMIT -1")
    assert count(small_service) == {"things": 0}


def test_calls_are_counted_by_operation_and_outcome(small_service: SmallService):
    count(small_service)
    assert 'frontdesk_calls_total{operation="count",outcome="ok"} 1.0' in small_service.page("/metrics")[1]
