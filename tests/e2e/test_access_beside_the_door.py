"""Beside the public door: services asked directly, and databases as the processes' own roles, give nothing away."""

import itertools
import json
import re
import time
from contextlib import closing
from importlib import import_module
from inspect import getmembers
from typing import Any
from uuid import UUID

import psycopg2
import pytest
import urllib3
from fix_access import World, a_request
from joserfc.jwk import OKPKey

from cli.operator import operator
from shared.asker import Asker
from shared.calls.claims import Signer
from shared.config import service_url, setting
from shared.database.migrate import SERVICES
from shared.processes.serve import service_class

# The entries of docs/security.md, table "Exceptions": what a role may read of every network.
READS_ALL = {
    ("inbox", "app"),
    ("inbox", "worker"),
    ("parked_events", "app"),
    ("parked_events", "worker"),
    ("networks", "worker"),
    ("outbox", "relay"),
}
# The map and the quick replies are the network's, and the gateway's matrix tries these among other ids.
ALONE_IT_SAYS_NOTHING = {"practitioner_id", "appointment_type_id", "network_id", "quick_reply_id"}
# (call, id, asker of all sites): what the service cannot know, and the gateway asks its owner about before the call.
CHECKED_BY_THE_GATEWAY = {
    ("book_appointment", "patient_id", False),
    ("book_appointment", "patient_id", True),
    ("register_patient", "site_id", True),
    ("open_patient", "site_id", True),
}
# Moves on with whatever happens anywhere.
_DAY_TOKEN = re.compile(r', "after": "\d+"')
NOT_OURS = ("", "Basic dTpw", "Bearer", "Bearer nonsense", "Bearer a.b.c")


def declared(service: str) -> dict[str, Any]:
    """path -> what the entrypoint declares, of every command and question."""
    import_module(f"services.{service}.service")
    found = {}
    for name, method in getmembers(service_class(service)):
        for entrypoint in getattr(method, "nameko_entrypoints", ()):
            if hasattr(method, "declared"):
                found[f"/{entrypoint.prefix}/{name}"] = method.declared
    return found


def ids_of(call: Any) -> set[str]:
    """The ids that a call takes and that say whose thing it is."""
    return {name for name in call.schema.fields if name.endswith("_id")} - ALONE_IT_SAYS_NOTHING


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_gives_nothing_without_claims_that_are_meant_for_it(world: World, service: str) -> None:
    """Every command and question."""
    other = next(name for name in SERVICES if name != service)
    with world.desk.system.as_environment():
        url, key = service_url(service), setting("FRONTDESK_CLAIMS_PRIVATE_KEY")
    asker = operator(world.network_id, "operator")
    tokens = [
        Signer(key, "gateway").sign(asker, other),
        Signer(OKPKey.generate_key("Ed25519").as_dict(private=True), "gateway").sign(asker, service),
        Signer(key, "somebody").sign(asker, service),
        world.sign_in("manager").token,
    ]
    answers = set()
    paths = [*declared(service), "/commands/none", "/queries/none"]
    for path in paths:
        for given in (*NOT_OURS, *(f"Bearer {token}" for token in tokens)):
            got = urllib3.request("POST", url + path, body=b"{}", headers={"Authorization": given}, retries=False)
            answers.add((got.status, got.data))
    assert len(paths) > 3
    assert {status for status, _ in answers} == {401}
    assert len(answers) == 1


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_checks_the_scope_of_each_call_itself(world: World, service: str) -> None:
    asker = _asker(world, frozenset({"no:scope"}), None)
    requests = set()
    for path, call in declared(service).items():
        request = a_request()
        status, body = _post(world, service, path, asker, request, {})
        assert (path, status, body["slug"]) == (path, 403, "forbidden")
        requests.add((request, call.name))
    told = (
        "SELECT correlation_id, action FROM audit_entries WHERE decision = 'denied' AND correlation_id = ANY (%(ids)s)"
    )
    rows = world.desk.rows(service, told, ids=[request for request, _ in requests])
    assert {(row["correlation_id"], row["action"]) for row in rows} == requests


@pytest.mark.requirement("4c")
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_asked_directly_knows_nothing_of_another_site_or_network(world: World, service: str) -> None:
    """Every call that takes an id by itself, as one site's person and as everybody's, past the gateway.

    Seen red by: an encounter read without its site.
    """
    asked, wrong = 0, []
    for path, call in declared(service).items():
        for name in ids_of(call) & world.own.keys():
            for sites in (frozenset({UUID(world.own["site_id"])}), None):
                if (call.name, name, sites is None) in CHECKED_BY_THE_GATEWAY:
                    continue
                wrong += _told_of_strangers(
                    world, service, path, call, name, _asker(world, frozenset({call.scope}), sites)
                )
                asked += 1
    assert not wrong, "\n".join(map(str, wrong))
    assert asked > 1


@pytest.mark.parametrize(
    ("database", "kind"), [("gateway", "app"), *itertools.product(SERVICES, ("app", "worker", "relay"))]
)
def test_a_role_without_a_network_sees_no_row_of_any_tenant(world: World, database: str, kind: str) -> None:
    """Raw SQL with the processes' own passwords."""
    tables = world.desk.rows(
        database,
        "SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE a.attname = 'network_id' AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace",
    )
    held = {
        row["name"]: world.desk.rows(database, f'SELECT count(*) AS n FROM "{row["name"]}"')[0]["n"] for row in tables
    }
    assert sum(count > 0 for count in held.values()) > 3
    name = f"FRONTDESK_{database}_{'' if kind == 'app' else f'{kind}_'}DATABASE_URL".upper()
    with world.desk.system.as_environment():
        url = setting(name)
    for network in (None, "", str(UUID(int=0))):
        seen = _seen(url, list(held), network)
        assert {table for table, count in seen.items() if count} <= {t for t, role in READS_ALL if role == kind}
    hers = _seen(url, list(held), str(world.network_id))
    if kind != "relay":
        assert any(0 < count < held[table] for table, count in hers.items())


def _told_of_strangers(world: World, service: str, path: str, call: Any, name: str, asker: Asker) -> list[Any]:
    """What is wrong with the answers to a call that names another's thing: it must look as if there were none."""
    strangers = [world.other_network[name], a_request(), *([] if asker.sites is None else [world.other_site[name]])]
    hidden = {**world.other_network, "": world.other_network["family"]}
    hidden.pop(name)
    answers, wrong = set(), []
    for stranger in strangers:
        body = _body(world, call, {call.schema.fields[name].data_key or name: stranger})
        status, answer = _post(world, service, path, asker, a_request(), body)
        answers.add((status, _DAY_TOKEN.sub("", json.dumps(answer).replace(stranger, "(asked)"))))
        if status not in (200, 404, 409) or any(mark in json.dumps(answer) for mark in hidden.values()):
            wrong.append((path, name, status, answer))
    return wrong if len(answers) == 1 else [*wrong, (path, name, answers)]


def _body(world: World, call: Any, ids: dict[str, str]) -> dict[str, Any]:
    """The call's required fields with A's own ids, and `ids` in their places."""
    known, keys = call.schema.fields, {name: field.data_key or name for name, field in call.schema.fields.items()}
    required = {name for name, field in known.items() if field.required}
    one_of = known.keys() & {"resource_id"} | (
        set() if set(ids) & {"encounter_id", "appointment_id"} else known.keys() & {"site_id"}
    )
    own = {keys[name]: world.own[name] for name in (required | one_of) & set(world.own)}
    facts = {name: FACTS[name] for name in required if name in FACTS}
    return {**facts, **OF_ONE_CALL.get(call.name, {}), **own, **ids}


FACTS = {
    "start_at": "2030-01-01T15:00:00Z",
    "reason": "called",
    "given": "Wanda",
    "family": "Marsh",
    "after": 0,
    "limit": 10,
    "diagnoses": [],
    "procedures": [],
    "lanes": 1,
    "weekly": [],
    "on": "2030-01-01",
}
WORDS = {"occasion": "reminder", "language": "fr", "body": "Reply STOP to opt out."}
OF_ONE_CALL: dict[str, dict[str, Any]] = {
    "open_patient": {"birth_on": "1984-05-17", "family": "Nobody"},
    "record_consent": {"number": "+12025550123", "purpose": "reminders", "given": True, "evidence": "asked"},
    "set_coverages": {"coverages": []},
    "receive_receipt": {"sid": "SM0001", "carrier_status": "delivered"},
    "settle_text": {"outcome": "sent"},
    **dict.fromkeys(("add_text_template", "text_template_preview"), WORDS),
    "save_text_template": {"body": WORDS["body"]},
    "report_wrong_number": {"number": "+12025550123", "wrong": True, "evidence": "somebody else answered"},
    "mark_read": {"heard": 0},
    **{key: {"body": "Please bring your card."} for key in ("text_preview", "write_text")},
    "add_closure": {"from_on": "2030-01-01", "until_on": "2030-01-02"},
    "add_resource": {"kind": "room", "type": "exam room", "name": "Room 1"},
    "add_working_exception": {
        "kind": "blocked",
        "start_at": "2030-01-01T15:00:00Z",
        "end_at": "2030-01-01T16:00:00Z",
    },
    **{name: {"reach": "one"} for name in ("cancel_series", "change_series", "check_series_change")},
    "close_site": {"from_at": "2030-01-01T15:00:00Z", "until_at": "2030-01-01T16:00:00Z"},
    "renew_calendar_link": {"secret_hash": "0" * 64},
    "run_late": {"minutes": 10},
    "set_opening_hours": {"weeks": []},
    "set_stays": {"stays": []},
}


def _asker(world: World, scopes: frozenset[str], sites: frozenset[UUID] | None) -> Asker:
    return Asker(actor_id=a_request(), actor_kind="user", network_id=world.network_id, sites=sites, scopes=scopes)


def _post(
    world: World, service: str, path: str, asker: Asker, request: str, body: dict[str, Any]
) -> tuple[int, dict[str, Any]]:
    with world.desk.system.as_environment():
        url, signer = service_url(service), Signer(setting("FRONTDESK_CLAIMS_PRIVATE_KEY"), "gateway")
    headers = {
        "Authorization": f"Bearer {signer.sign(asker, service)}",
        "Content-Type": "application/json",
        "Frontdesk-Correlation-Id": request,
        "Frontdesk-Deadline": f"{time.time() + 20:.3f}",
        "Idempotency-Key": request,
    }
    got = urllib3.request("POST", url + path, body=json.dumps(body), headers=headers, retries=False)
    return got.status, json.loads(got.data)


def _seen(url: str, tables: list[str], network: str | None) -> dict[str, int]:
    """Rows of each table that the role may read at all."""
    found = {}
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        if network is not None:
            cursor.execute("SELECT set_config('frontdesk.network_id', %s, true)", (network,))
        for table in tables:
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", (table,))
            if cursor.fetchone() == (True,):
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
    return found
