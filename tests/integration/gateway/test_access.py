"""The access matrix as far as the gateway decides alone: every route, every role, from the inventory."""

from typing import Any

import pytest

from gateway.access import SCOPES
from gateway.endpoint import WRITES, Route
from gateway.routes import ROUTES
from shared.calls.outcomes import CallRefused
from shared.ids import new_id
from tests.fix_gateway import Front

CORRELATION = {
    "Frontdesk-Correlation-Id": "0193a1f0-0000-7000-8000-00000000000f",
    "Idempotency-Key": "one-key",
}
GUARDED = [one for one in ROUTES if one.auth == "session"]
# The items of batches have their own answers: tests/integration/gateway/test_batches.py.
AT_A_SITE = [
    (one, place)
    for one in GUARDED
    for place in one.objects
    if place.endswith("site_id") and not place.startswith("items.")
]


def ask(front: Front, one: Route, token: str, **ids: Any) -> Any:
    """Asks the route with its example; `ids` take the place of ids by their place's name."""
    path, query = one.path, {}
    for place in one.objects:
        where, name = place.split(".", 1)
        value = str(ids.get(place.replace(".", "_"), new_id()))
        if where == "path":
            path = path.replace(f"{{{name}}}", value)
        elif where == "query":
            query[name] = value
    query |= {"phone": "+12025550123"} if one.name in ("find_caller", "list_patients") else {}
    for alternative in ("query.encounter_id", "query.appointment_id"):
        if alternative in one.objects and one.name in ("list_charges", "list_texts"):
            query.pop(alternative.split(".")[1])
    body = dict(one.example or {})
    for place in one.objects:
        if place.startswith("body.") and place.replace(".", "_") in ids:
            name = place.split(".")[1]
            if name in one.body.exactly_one_of:
                body = {key: value for key, value in body.items() if key not in one.body.exactly_one_of}
            body[name] = str(ids[place.replace(".", "_")])
    more = {"json": body} if one.method in WRITES else {}
    return front.request(one.method, path, token, headers=CORRELATION, params=query, **more)


@pytest.mark.parametrize("one", GUARDED, ids=lambda one: one.name)
def test_without_a_session_every_guarded_route_answers_one_401(front: Front, one: Route) -> None:
    answer = ask(front, one, token="")
    assert answer.status_code == 401
    assert answer.json["slug"] == "unauthenticated"
    assert front.asked == []


def test_a_role_without_the_scope_is_refused_on_the_route_and_it_is_audited(front: Front) -> None:
    """Every role at every route. Seen red by: a route whose scope nobody looks at."""
    front.answers.clear()
    for role, scopes in SCOPES.items():
        token = front.token(role)
        for one in (one for one in GUARDED if one.scope and one.scope not in scopes):
            before = len(front.audit(one.name))
            answer = ask(front, one, token)
            assert (role, one.name, answer.status_code) == (role, one.name, 403)
            assert front.audit(one.name)[before:] == ["denied"]
    assert front.asked == []


@pytest.mark.requirement("4b")
@pytest.mark.requirement("4c")
@pytest.mark.requirement("4d")
def test_a_site_that_is_not_hers_looks_like_none_and_the_try_is_audited(front: Front) -> None:
    """Seen red by: asking the service for a site that is not the caller's; a slug of its own."""
    tokens = {role: front.token(role) for role in SCOPES}
    for one, place in AT_A_SITE:
        for role, token in tokens.items():
            if one.scope not in SCOPES[role]:
                continue
            before = len(front.audit(one.name))
            foreign = ask(front, one, token, **{place.replace(".", "_"): front.other_site_id})
            unknown = ask(front, one, token, **{place.replace(".", "_"): new_id()})
            assert (one.name, foreign.status_code) == (one.name, 404)
            assert foreign.content == unknown.content
            assert dict(foreign.headers) == dict(unknown.headers)
            assert front.audit(one.name)[before:] == ["denied", "denied"]
    assert front.asked == []


@pytest.mark.requirement("4b")
def test_what_a_service_denies_looks_like_an_address_that_is_not_there(front: Front) -> None:
    """Seen red by: the service's own slug, or its details, in the answer."""
    token = front.token("manager")
    front.answers["records.patient"] = CallRefused("patient-of-another-site", 404, {"site_id": str(new_id())})
    denied = front.get(f"/v1/patients/{new_id()}", token, headers=CORRELATION)
    malformed = front.get("/v1/patients/not-an-id", token, headers=CORRELATION)
    nowhere = front.get("/v1/nowhere", token, headers=CORRELATION)
    assert denied.status_code == 404
    assert denied.content == malformed.content == nowhere.content


def test_the_asker_that_services_see_is_what_the_directory_says(front: Front) -> None:
    front.answers["scheduling.sites"] = {"items": [], "next": None}
    front.get("/v1/sites", front.token("biller"))
    (_, _, _, asker, _) = front.asked[-1]
    assert asker.network_id == front.network_id
    assert asker.sites == frozenset({front.site_id})
    assert asker.scopes == SCOPES["biller"]
    assert asker.purpose == "HPAYMT"
