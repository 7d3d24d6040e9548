"""A seeded network is one like any other: its screens, its commands, its feed; and it can be checked and taken away."""

import re
import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

import psycopg2
import pytest
from fix_desk import COUGH, Desk

from cli.api import Api
from cli.operator import network_id_of
from cli.seed.ids import Ids
from shared.database.migrate import DATABASES

pytestmark = pytest.mark.timeout(300)
Json = dict[str, Any]


@dataclass(frozen=True)
class Seeded:
    """The network, as `frontdesk seed` has printed it."""

    desk: Desk
    name: str
    printed: str

    @property
    def network_id(self) -> str:
        return str(network_id_of(self.name))

    @property
    def site_id(self) -> str:
        return str(Ids(5, network_id_of(self.name)).of("site", 0))

    def session(self, role: str) -> Api:
        login, password = re.findall(rf"({role}@\S+)\s+(\S+)", self.printed)[0]
        api = Api(self.desk.system.gateway_url)
        api.sign_in(login, password)
        return api

    def one(self, service: str, statement: str) -> Json:
        """The first row of a query; `%(network)s` is this network."""
        return self.desk.rows(service, statement, network=self.network_id)[0]


@pytest.fixture(scope="module")
def seeded(desk: Desk) -> Iterator[Seeded]:
    """Two sites whose history ends now, at ten in the morning; gone after these tests."""
    name = f"Seeded {secrets.token_hex(3)}"
    size = ("--sites", "2", "--patients", "300", "--years", "1", "--visits", "12", "--seed", "5")
    done = desk.command("seed", *size, "--network", name)
    assert done.returncode == 0, done.stderr
    yield Seeded(desk, name, done.stdout)
    removed = desk.command("seed", "--remove", name)
    assert removed.returncode == 0, removed.stderr
    assert rows_left(desk, str(network_id_of(name))) == {}


def rows_left(desk: Desk, network_id: str) -> dict[str, int]:
    """Tables that still hold rows of the network, in any database."""
    tables = (
        "SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE a.attname = 'network_id' AND c.relkind = 'r'"
    )
    left = {}
    for database in DATABASES:
        for table in desk.rows(database, tables):
            count = f"SELECT count(*) AS n FROM {table['name']} WHERE network_id = %(network)s"
            if found := desk.rows(database, count, network=network_id)[0]["n"]:
                left[f"{database}.{table['name']}"] = found
    return left


def test_the_databases_of_a_seeded_network_agree_with_each_other(seeded: Seeded) -> None:
    done = seeded.desk.command("seed", "--check", seeded.name)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    for service, table, least in (
        ("scheduling", "appointments", 1000),
        ("records", "encounters", 800),
        ("billing", "claim_feed_rows", 500),
        ("notifications", "texts", 100),
    ):
        count = f"SELECT count(*) AS n FROM {table} WHERE network_id = %(network)s"
        assert seeded.one(service, count)["n"] > least, table


PLANTED = {
    "appointments in records": (
        "records",
        "UPDATE appointments SET version = version + 1 WHERE (network_id, appointment_id) = (%(network)s, %(id)s)",
        "UPDATE appointments SET version = version - 1 WHERE (network_id, appointment_id) = (%(network)s, %(id)s)",
    ),
    "appointments in notifications": (
        "notifications",
        "UPDATE appointments SET status = 'cancelled' WHERE (network_id, appointment_id) = (%(network)s, %(id)s)",
        "UPDATE appointments SET status = 'booked' WHERE (network_id, appointment_id) = (%(network)s, %(id)s)",
    ),
    "scheduling: an appointment whose booking is not its time": (
        "scheduling",
        (
            "UPDATE bookings SET end_at = end_at - interval '1 minute'"
            " WHERE (network_id, appointment_id) = (%(network)s, %(id)s)"
        ),
        (
            "UPDATE bookings SET end_at = end_at + interval '1 minute'"
            " WHERE (network_id, appointment_id) = (%(network)s, %(id)s)"
        ),
    ),
    "scheduling: two bookings at one time": (
        "scheduling",
        (
            "ALTER TABLE bookings DISABLE TRIGGER ALL; INSERT INTO resource_lanes SELECT network_id, resource_id, 2"
            " FROM bookings WHERE appointment_id = %(id)s; ALTER TABLE bookings DROP CONSTRAINT bookings_excl;"
            " INSERT INTO bookings (network_id, resource_id, lane, appointment_id, site_id, start_at, end_at)"
            " SELECT network_id, resource_id, lane, network_id, site_id, start_at, end_at FROM bookings"
            " WHERE appointment_id = %(id)s"
        ),
        (
            "DELETE FROM bookings WHERE appointment_id = %(network)s; DELETE FROM resource_lanes WHERE lane = 2"
            " AND network_id = %(network)s; ALTER TABLE bookings ADD CONSTRAINT bookings_excl EXCLUDE USING gist"
            " (network_id WITH =, resource_id WITH =, lane WITH =, during WITH &&);"
            " ALTER TABLE bookings ENABLE TRIGGER ALL"
        ),
    ),
    "billing: a claim whose total is not that of its lines": (
        "billing",
        "UPDATE claims SET total_cents = total_cents + 1 WHERE network_id = %(network)s",
        "UPDATE claims SET total_cents = total_cents - 1 WHERE network_id = %(network)s",
    ),
    "billing: a feed with a gap": (
        "billing",
        "UPDATE claim_feed_rows SET sequence = -7 WHERE (network_id, sequence) = (%(network)s, 7)",
        "UPDATE claim_feed_rows SET sequence = 7 WHERE (network_id, sequence) = (%(network)s, -7)",
    ),
    "encounters in billing": (
        "billing",
        (
            "UPDATE encounters SET patient_version = 3 WHERE network_id = %(network)s AND encounter_id ="
            " (SELECT encounter_id FROM claim_feed_rows WHERE (network_id, sequence) = (%(network)s, 1))"
        ),
        ("UPDATE encounters e SET patient_version = 1 WHERE network_id = %(network)s AND patient_version = 3"),
    ),
    "notifications: an accepted text that the sandbox does not have": (
        "notifications",
        (
            "UPDATE sandbox_texts SET attempt_id = %(network)s WHERE attempt_id ="
            " (SELECT min(attempt_id::text)::uuid FROM sandbox_texts WHERE network_id = %(network)s)"
        ),
        (
            "UPDATE sandbox_texts SET attempt_id = substr(sid, 3)::uuid"
            " WHERE (network_id, attempt_id) = (%(network)s, %(network)s)"
        ),
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_the_check_finds_what_was_planted(seeded: Seeded, what: str) -> None:
    service, plant, undo = PLANTED[what]
    coming = (
        "SELECT appointment_id::text AS id FROM appointments WHERE network_id = %(network)s AND status = 'booked'"
        " ORDER BY start_at DESC LIMIT 1"
    )
    ids = {"network": seeded.network_id, "id": seeded.one("scheduling", coming)["id"]}
    as_superuser(seeded.desk, service, plant, ids)
    try:
        done = seeded.desk.command("seed", "--check", seeded.name)
    finally:
        as_superuser(seeded.desk, service, undo, ids)
    assert done.returncode == 1
    assert any(line.startswith(what) for line in done.stderr.splitlines()), done.stderr


def as_superuser(desk: Desk, service: str, statement: str, params: Json) -> None:
    with closing(psycopg2.connect(desk.system.admin_url(service))) as connection, connection, connection.cursor() as it:
        it.execute(statement, params)


def test_the_desk_works_on_with_seeded_patients_and_visits(seeded: Seeded) -> None:
    """Day sheet, free times, booking, text, check-in, encounter, claim and its row of the feed.

    Seen red by: a feed counter that is left at nothing; an arrival id that records never heard of.
    """
    desk, secretary = seeded.desk, seeded.session("secretary")
    sheet = secretary.get("/v1/day", site_id=seeded.site_id)["items"]
    assert "booked" in {item["status"] for item in sheet}
    yesterday = (desk.now - timedelta(days=1)).date().isoformat()
    before = secretary.get("/v1/day", site_id=seeded.site_id, on=yesterday)["items"]
    assert {"fulfilled"} <= {item["status"] for item in before} <= {"fulfilled", "cancelled", "noshow"}
    assert all(item["patient"]["family"] and item["practitioner_name"].startswith("Dr. ") for item in sheet)
    coming = next(item for item in sheet if item["status"] == "booked")
    patient = secretary.get(f"/v1/patients/{coming['patient_id']}")
    question = {name: coming[name] for name in ("site_id", "practitioner_id", "appointment_type_id")}
    free = secretary.get("/v1/free-times", **question, limit=1)["items"][0]
    body = question | {"start_at": free["start_at"], "patient_id": patient["patient_id"]}
    booked = secretary.post("/v1/appointments", body)
    texts = f"/v1/texts?appointment_id={booked['appointment_id']}"
    desk.wait_until(lambda: [it["status"] for it in secretary.get(texts)["items"]] not in ([], ["due"], ["claimed"]))
    feed_ends = seeded.one("billing", "SELECT sequence AS n FROM claim_feeds WHERE network_id = %(network)s")["n"]
    insured = next(item for item in sheet if item["status"] == "booked" and is_insured(secretary, item))
    arrived = secretary.post(f"/v1/appointments/{insured['appointment_id']}/check-in")
    clinician, path = seeded.session("clinician"), f"/v1/encounters/{arrived['encounter_id']}"
    desk.wait_until(lambda: opened(clinician, path))
    clinician.post(f"{path}/finish", COUGH)
    biller = seeded.session("biller")
    claims = f"/v1/claims?encounter_id={arrived['encounter_id']}"
    desk.wait_until(lambda: len(biller.get(claims)["items"]) == 1)
    desk.wait_until(lambda: biller.get("/v1/claim-feed", after=feed_ends)["items"])
    assert biller.get("/v1/claim-feed", after=feed_ends)["items"][0]["sequence"] == feed_ends + 1
    desk.wait_until(lambda: seeded.desk.command("seed", "--check", seeded.name).returncode == 0)


def is_insured(secretary: Api, item: Json) -> bool:
    return bool(secretary.get(f"/v1/patients/{item['patient_id']}")["coverages"])


def opened(clinician: Api, path: str) -> bool:
    try:
        return clinician.get(path)["status"] == "in-progress"
    except Exception:  # not there yet
        return False


def test_every_list_shows_seeded_things(seeded: Seeded) -> None:
    manager, secretary, biller = (seeded.session(role) for role in ("manager", "secretary", "biller"))
    assert len(manager.all("/v1/sites")) == 2
    assert manager.all("/v1/practitioners")
    assert len(manager.all("/v1/appointment-types")) == 3
    assert manager.all("/v1/fees")
    family = secretary.get("/v1/day", site_id=seeded.site_id)["items"][0]["patient"]["family"]
    found = secretary.all("/v1/patients", family=family)
    assert family in {patient["family"] for patient in found}
    assert secretary.get("/v1/texts", site_id=seeded.site_id)["items"]
    assert secretary.get("/v1/tasks", site_id=seeded.site_id)["items"]
    assert biller.get("/v1/charges", site_id=seeded.site_id, limit=5)["items"]
    claim = biller.get("/v1/claims", limit=1)["items"][0]
    assert claim["total_cents"] == sum(line["amount_cents"] for line in claim["lines"])


def test_the_feed_of_the_network_has_no_gap_and_goes_by_time(seeded: Seeded) -> None:
    """Seen red by: rows numbered by claim."""
    rows, after = [], 0
    integration = seeded.session("manager")
    while page := integration.get("/v1/claim-feed", after=after, limit=200)["items"]:
        rows += page
        after = page[-1]["sequence"]
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(one["occurred_at"] <= other["occurred_at"] for one, other in pairwise(rows[:-1]))


def test_nobody_s_network_is_not_said_to_be_in_order(seeded: Seeded) -> None:
    """Seen red by: a check that looks at no rows and finds nothing."""
    done = seeded.desk.command("seed", "--check", "Nowhere")
    assert (done.returncode, "no network Nowhere" in done.stderr) == (1, True)


def test_a_network_that_exists_is_refused_and_so_is_an_installation_that_is_real(seeded: Seeded) -> None:
    """Seen red by: a seed that asks neither."""
    again = seeded.desk.command("seed", "--network", seeded.name)
    assert (again.returncode, "a seed makes its own" in again.stderr) == (1, True)
    real = seeded.desk.command("seed", "--network", "Another", FRONTDESK_SIMULATED="0")
    assert (real.returncode, "a seed has no place in it" in real.stderr) == (1, True)


def test_a_network_that_people_made_is_never_taken_away(seeded: Seeded) -> None:
    """Seen red by: a removal that does not look for the seed's mark."""
    done = seeded.desk.command("seed", "--remove", seeded.desk.elm.name)
    assert (done.returncode, "no network that a seed made" in done.stderr) == (1, True)
    assert seeded.session("manager").get("/v1/me")
