"""`frontdesk replay --rebuild`: damage by hand is found row by row, mended on demand, and nothing else happens."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from fix_desk import Desk, Diary, Json, answer, desk_of
from fix_load import Load
from fix_system import running_system

from cli.rebuilding.copies import COPIES
from shared.database.migrate import SERVICES
from tests.e2e.test_offers_by_text import wants_that_time

# Without what the database itself says of a row: when it came, which transaction wrote it.
_DIGEST = """
SELECT count(*) AS n, md5(string_agg(q, ' ' ORDER BY q)) AS h
FROM (SELECT (to_jsonb(t) - ARRAY['changed_xid', 'received_at'])::text AS q FROM {table} t) written
"""
_TABLES = "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_INVENT = """
INSERT INTO {table} SELECT (json_populate_record(t, json_build_object('{key}', %(new)s))).* FROM {table} t
WHERE {old} = %(id)s LIMIT 1
"""
# A row of each copy, by the visit's ids: what is altered in it, which key an invented one beside it bears.
DAMAGED = {
    "scheduling.patients": ("patient_id", "family = 'Forged'", "family", "patient_id"),
    "scheduling.texts": ("appointment_id", "reason = 'forged'", "reason", "text_id"),
    "records.appointments": ("appointment_id", "version = version + 7", "version", "appointment_id"),
    "billing.patient_versions": ("patient_id", "coverages = '[]'", "coverages", "version"),
    "billing.encounters": ("appointment_id", "status = 'forged'", "status", "encounter_id"),
    "notifications.sites": ("site_id", "name = 'Forged'", "name", "site_id"),
    "notifications.patients": ("patient_id", "language = NULL", "language", "patient_id"),
    "notifications.patient_numbers": ("patient_id", "consented = NOT consented", "consented", "place"),
    "notifications.appointments": ("appointment_id", "status = 'forged'", "status", "appointment_id"),
    "notifications.reschedules": ("appointment_id", "state = 'forged'", "state", "reschedule_id"),
    "notifications.waitlist_offers": ("patient_id", "status = 'forged'", "status", "offer_id"),
}
# What other rows hang on is not deleted; the site is every test's.
DELETED = sorted(DAMAGED.keys() - {"notifications.sites", "notifications.patients"})


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """Of a system of its own: elsewhere an offer that another test left runs out meanwhile."""
    with running_system({}) as system:
        yield desk_of(system)


@pytest.fixture
def visits(desk: Desk) -> list[Json]:
    """Three that were texted, stood on a list once, are checked in and open; each patient was offered an earlier time,
    and one's name was mended. All is quiet."""
    diary = desk.diary(lanes=3)
    booked = [desk.book(diary, place, desk.insured(language="es")) for place in range(3)]
    desk.settle()
    _away_and_back(desk, diary)
    _offered_another_time(desk, booked)
    arrived = [desk.act(one, "check-in") for one in booked]
    path = f"/v1/patients/{arrived[0]['patient_id']}"
    assert answer(desk.session(), "PATCH", path, {"given": "Vaniya"}).status == 200
    desk.settle()
    return arrived


@pytest.mark.parametrize("scope", [["--service", "notifications"], ["--consumer", "billing.on_patient"]])
def test_sound_copies_are_left_alone(desk: Desk, visits: list[Json], scope: list[str]) -> None:
    """Seen red by: the database that was made is left behind."""
    before = _everything(desk)
    done = desk.command("replay", "--rebuild", "--apply", *scope)
    assert (done.returncode, done.stdout.splitlines()) == (0, ["every row is as its facts make it"]), done.stderr
    assert _everything(desk) == before
    assert _databases_made(desk) == []


def test_exactly_the_damage_is_told_and_mended(desk: Desk, visits: list[Json]) -> None:
    """In every copy one row altered, one deleted, one invented; afterwards every table is as it was before.

    Seen red by: mending without --apply; an encounter that comes back awaits a bill although it is open; a copy's
    column that nobody compares.
    """
    before = _everything(desk)
    damage = _damage(desk, visits)
    damaged = _everything(desk)
    told = desk.command("replay", "--rebuild")
    assert told.returncode == 1, told.stderr
    assert _told_rows(told.stdout) == damage
    assert _everything(desk) == damaged
    mended = desk.command("replay", "--rebuild", "--apply")
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert _told_rows(mended.stdout) == damage
    assert f"{len(damage)} rows are put in place" in mended.stdout
    desk.settle()
    assert _everything(desk) == before
    assert _audited(desk) >= {visits[0]["patient_id"], visits[1]["appointment_id"]}
    again = desk.command("replay", "--rebuild")
    assert (again.returncode, again.stdout.splitlines()) == (0, ["every row is as its facts make it"])
    assert _databases_made(desk) == []


def test_no_patient_data_is_in_what_is_told(desk: Desk, visits: list[Json]) -> None:
    """Ids and names of columns alone. Seen red by: the row itself behind them."""
    (patient,) = desk.rows("scheduling", "SELECT * FROM patients WHERE patient_id = %(id)s", id=visits[0]["patient_id"])
    (number,) = desk.rows(
        "notifications", "SELECT number FROM patient_numbers WHERE patient_id = %(id)s", id=visits[0]["patient_id"]
    )
    _damage(desk, visits)
    done = desk.command("replay", "--rebuild", "--apply")
    words = [patient["given"], patient["family"], "Forged", str(patient["birth_on"]), number["number"][1:]]
    assert [word for word in words if word in done.stdout + done.stderr] == []


def test_while_desks_are_at_work_no_sound_copy_differs(desk: Desk, visits: list[Json]) -> None:
    """What is on its way is no damage, and damage is mended beside it.

    Seen red by: copies and inbox read in a snapshot each.
    """
    load = Load(desk, desk.diary(lanes=100))
    with load.running():
        desk.wait_until(load.more(3))
        idle = desk.command("replay", "--rebuild")
        damage = _damage(desk, visits)
        mended = desk.command("replay", "--rebuild", "--apply")
        desk.wait_until(load.more(3))
    assert (idle.returncode, idle.stdout.splitlines()) == (0, ["every row is as its facts make it"])
    assert (mended.returncode, _told_rows(mended.stdout)) == (0, damage), mended.stdout
    desk.settle()
    assert load.faults == []
    assert desk.checker.faults() == []
    assert load.unaccounted() == []


def test_what_is_on_its_way_is_waited_for_and_has_its_effect(desk: Desk, visits: list[Json]) -> None:
    """A copy that ran ahead of its handler would keep the patient from being told.

    Seen red by: mending while a fact is not taken yet.
    """
    moved = desk.book(desk.diary(), 0)
    desk.settle()
    with _without_relay(desk):
        desk.act(moved, "move", {"start_at": desk.diary().start(2)})
        desk.rows(
            "notifications",
            "DELETE FROM appointments WHERE appointment_id = %(id)s",
            id=moved["appointment_id"],
        )
        done = desk.command("replay", "--rebuild", "--apply", "--consumer", "notifications.on_appointment")
    assert done.returncode == 1
    assert f"notifications.appointments {moved['appointment_id']}" in done.stdout
    assert "on its way" in done.stdout
    desk.settle()
    desk.wait_until(lambda: len(desk.texts(moved)) == 2)
    assert [kind for kind, _, _ in desk.texts(moved)] == ["booked", "rescheduled"]
    assert desk.command("replay", "--rebuild").returncode == 0


def test_a_copy_is_not_judged_by_an_outbox_that_has_lost_its_facts(desk: Desk, visits: list[Json]) -> None:
    """A source that was restored from an old backup must not take its readers' copies along.

    Seen red by: facts that no outbox holds count for nothing.
    """
    patient_id = visits[0]["patient_id"]
    rows = desk.rows("records", "SELECT * FROM outbox WHERE aggregate_id = %(id)s ORDER BY id", id=patient_id)
    before = desk.rows("scheduling", "SELECT * FROM patients WHERE patient_id = %(id)s", id=patient_id)
    desk.rows("records", "CREATE TABLE kept AS SELECT * FROM outbox WHERE aggregate_id = %(id)s", id=patient_id)
    desk.rows("records", "DELETE FROM outbox WHERE aggregate_id = %(id)s", id=patient_id)
    try:
        done = desk.command("replay", "--rebuild", "--apply", "--service", "scheduling")
    finally:
        desk.rows("records", "INSERT INTO outbox OVERRIDING SYSTEM VALUE SELECT * FROM kept; DROP TABLE kept")
    assert len(rows) == 2, "the patient's facts were to be taken away"
    assert done.returncode == 1
    assert f"scheduling.patients {patient_id}" in done.stdout
    assert "no outbox holds" in done.stdout
    assert desk.rows("scheduling", "SELECT * FROM patients WHERE patient_id = %(id)s", id=patient_id) == before


def test_a_seeded_network_keeps_what_no_fact_tells(desk: Desk, visits: list[Json]) -> None:
    """Seen red by: rows of seeds that no fact tells of count as invented."""
    name = f"Seeded {uuid.uuid4().hex[:6]}"
    seeded = desk.command("seed", "--network", name, "--sites", "1", "--patients", "20", "--years", "1")
    assert seeded.returncode == 0, seeded.stdout + seeded.stderr
    try:
        before = _everything(desk)
        done = desk.command("replay", "--rebuild", "--apply")
        assert done.returncode == 0, done.stdout + done.stderr
        assert re.fullmatch(
            r"[\d,]+ rows of seeded networks rest on no fact and are theirs", done.stdout.splitlines()[0]
        )
        assert _everything(desk) == before
    finally:
        assert desk.command("seed", "--remove", name).returncode == 0


def _away_and_back(desk: Desk, diary: Diary) -> None:
    """Their practitioner calls in sick, and comes after all."""
    times = {"from_at": diary.start(0), "until_at": diary.start(3)}
    absent = {"practitioner_id": diary.practitioner_id, **times, "reason": "sick"}
    absence = desk.session().post("/v1/absences", absent)
    desk.settle()
    desk.session().post(f"/v1/absences/{absence['absence_id']}/undo", {})
    desk.settle()


def _offered_another_time(desk: Desk, visits: list[Json]) -> None:
    """Each patient could have had another's visit that was cancelled, and did not want it."""
    diary = desk.diary()
    for place, visit in enumerate(visits):
        cancelled = desk.book(diary, place)
        wants_that_time(desk, cancelled, visit["patient_id"])
        desk.act(cancelled, "cancel", {"reason": "patient called"})
        of_hers = partial(
            desk.rows,
            "notifications",
            "SELECT offer_id FROM waitlist_offers WHERE patient_id = %(id)s",
            id=visit["patient_id"],
        )
        desk.wait_until(of_hers)
        [offer] = of_hers()
        desk.session().post(f"/v1/waitlist/offers/{offer['offer_id']}/decline", {})
    desk.settle()


def _damage(desk: Desk, visits: list[Json]) -> set[tuple[str, str, str]]:
    """Alters a row of each copy (of the first visit), deletes one (the second's), invents one (beside the third's)."""
    altered, deleted, invented = visits
    found = set()
    for table, (by, change, column, _) in DAMAGED.items():
        found |= {(table, key, f"altered: {column}") for key in _one_row(desk, table, altered, by, change)}
    for table in DELETED:
        found |= {(table, key, "missing") for key in _one_row(desk, table, deleted, DAMAGED[table][0], None)}
    for table, (by, _, _, key) in DAMAGED.items():
        found.add((table, _invent(desk, table, invented, by, key), "invented"))
    return found


def _one_row(desk: Desk, table: str, visit: Json, by: str, change: str | None) -> list[str]:
    """Its key as the command tells it; the first of several rows."""
    service, _, name = table.partition(".")
    what = f"UPDATE {name} SET {change}" if change else f"DELETE FROM {name}"
    first = f"ctid = (SELECT ctid FROM {name} WHERE {by} = %(id)s LIMIT 1)"
    rows = desk.rows(service, f"{what} WHERE {first} RETURNING *", id=visit[by])
    return ["/".join(str(row[column]) for column in _key_of(table)) for row in rows]


def _invent(desk: Desk, table: str, visit: Json, by: str, key: str) -> str:
    service, _, name = table.partition(".")
    new = 99 if key in ("version", "place") else str(uuid.uuid4())
    desk.rows(service, _INVENT.format(table=name, key=key, old=by), id=visit[by], new=new)
    return "/".join(str(new if column == key else visit[column]) for column in _key_of(table))


def _key_of(table: str) -> tuple[str, ...]:
    service, _, name = table.partition(".")
    return next(one.key for copies in COPIES if copies.service == service for one in copies.tables if one.name == name)


def _told_rows(output: str) -> set[tuple[str, str, str]]:
    """(table, key, what) of each line that tells of a row."""
    found = re.findall(r"^(\w+\.\w+) (\S+) \(network \S+\) (.+)$", output, re.MULTILINE)
    return set(found)


def _everything(desk: Desk) -> dict[str, tuple[int, str]]:
    """Count and digest of every table; the audit trail apart, which grows, and what a job says of how far it is."""
    found = {}
    for service in SERVICES:
        for table in desk.rows(service, _TABLES):
            if table["name"] in ("audit_entries", "reminder_rules"):
                continue
            (row,) = desk.rows(service, _DIGEST.format(table=table["name"]))
            found[f"{service}.{table['name']}"] = (row["n"], row["h"])
    return found


def _audited(desk: Desk) -> set[str]:
    statement = "SELECT object_id FROM audit_entries WHERE action = 'put_copy_in_place'"
    return {row["object_id"] for service in SERVICES for row in desk.rows(service, statement)}


def _databases_made(desk: Desk) -> list[Json]:
    return desk.rows("scheduling", "SELECT datname FROM pg_database WHERE datname LIKE '%%rebuilt%%'")


@contextmanager
def _without_relay(desk: Desk) -> Iterator[None]:
    desk.system.stop("relay")
    try:
        yield
    finally:
        desk.system.start("relay")
