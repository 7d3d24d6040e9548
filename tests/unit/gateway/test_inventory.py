"""The inventory of routes: each names its scope and its ids, and the document tells it all."""

import re

from gateway.access import ALL_SCOPES, SCOPES
from gateway.endpoint import WRITES, Route
from gateway.openapi import document, written
from gateway.reference import REFERENCE
from gateway.routes import ROUTES

# Open to anyone: each of them says who is asking by other means, or says nothing of anybody.
PUBLIC = {
    "sign_in",
    "renew_session",
    "issue_token",
    "receive_reply",
    "receive_message",
    "receive_receipt",
    "read_calendar",
    "get_openapi",
    "go_to_day",
    "show_day_page",
    "get_day_style",
    "get_day_script",
    "get_sheet_script",
    "get_steps_script",
    "get_desk_script",
    "get_begin_script",
    "get_print_style",
    "get_icon",
    "show_docs_page",
    "get_docs_style",
    "get_docs_script",
}
ANY_ACCOUNT = {"get_me", "sign_out"}


def test_every_route_is_named_once() -> None:
    names = [one.name for one in ROUTES]
    addresses = [(one.method, one.path) for one in ROUTES]
    assert len(set(names)) == len(names)
    assert len(set(addresses)) == len(addresses)


def test_every_route_but_a_short_list_asks_for_a_scope_that_a_role_has() -> None:
    assert {one.name for one in ROUTES if one.auth == "public"} == PUBLIC
    assert {one.name for one in ROUTES if one.auth == "session" and one.scope is None} == ANY_ACCOUNT
    assert [one.name for one in ROUTES if one.scope is not None and one.scope not in ALL_SCOPES] == []


def test_every_id_that_a_route_takes_is_declared() -> None:
    """The access matrix tries another's id at each of them. Seen red by: a route without `objects`."""
    assert {one.name: ids_of(one) - set(one.objects) for one in ROUTES if ids_of(one) - set(one.objects)} == {}


def ids_of(one: Route) -> set[str]:
    found = {f"path.{name}" for name in re.findall(r"{(\w+)}", one.path)}
    for place, schema in (("query", one.query), ("body", one.body)):
        found |= {f"{place}.{name}" for name in (schema.fields if schema else {}) if name.endswith("_id")}
    return found - {"body.client_id", "body.message_id", "body.member_id"}


def test_writes_of_a_secretary_do_not_manage_the_network() -> None:
    allowed = {one.name for one in ROUTES if one.scope in SCOPES["secretary"]}
    assert not allowed & {"add_site", "change_site", "set_working_hours", "set_fees", "finish_encounter", "list_claims"}


def test_roles_hold_what_the_contract_says() -> None:
    assert "claims:read" not in SCOPES["secretary"]
    assert "encounters:write" in SCOPES["clinician"]
    assert "fees:write" in SCOPES["biller"]
    assert SCOPES["manager"] >= SCOPES["secretary"] | SCOPES["clinician"] | SCOPES["biller"]
    assert SCOPES["integration"] - SCOPES["manager"] == {"texts:reply"}


def test_the_document_has_every_public_route_with_its_answers() -> None:
    paths = document(ROUTES)["paths"]
    for one in (one for one in ROUTES if not one.hidden):
        operation = paths[one.path][one.method.lower()]
        assert operation["operationId"] == one.name
        assert str(one.status) in operation["responses"]
        assert "500" in operation["responses"]
        if one.method in WRITES:
            assert {"$ref": "#/components/parameters/IdempotencyKey"} in operation["parameters"]


def test_every_body_has_an_example_that_its_schema_takes() -> None:
    for one in (one for one in ROUTES if one.body is not None):
        assert one.example is not None, one.name
        assert one.body.validate(one.example) == {}, one.name


def test_the_written_reference_is_that_of_these_routes() -> None:
    """Mended by: python -m gateway.reference. Seen red by: a route added without it."""
    assert REFERENCE.read_text("utf-8") == written(ROUTES)
