"""The checker finds what it is there to find: one planted fault after the other, each undone again."""

import pytest
from accounted import Accounts
from checker import Checker
from feed import unreadable_of_the_feed
from recorded import UNKNOWN, Recorder

from shared.ids import new_id


@pytest.fixture(scope="module")
def visit(desk):
    """One whole visit with an encounter, a claim and a row of the feed, and (`told_id`) one with a text."""
    diary = desk.diary()
    arrived = desk.act(desk.book(diary, 0, desk.insured()), "check-in")
    desk.finish(arrived["encounter_id"])
    told = desk.book(diary, 1, desk.insured())
    desk.settle()
    assert desk.checker.faults() == []
    return arrived | {"told_id": told["appointment_id"]}


PLANTED = {
    "patients in scheduling": (
        "scheduling",
        "UPDATE patients SET given = given || 'x' WHERE patient_id = %(patient_id)s",
        "UPDATE patients SET given = rtrim(given, 'x') WHERE patient_id = %(patient_id)s",
    ),
    "appointments in records": (
        "records",
        "UPDATE appointments SET version = version + 1 WHERE appointment_id = %(appointment_id)s",
        "UPDATE appointments SET version = version - 1 WHERE appointment_id = %(appointment_id)s",
    ),
    "appointments and their events": (
        "scheduling",
        "UPDATE appointments SET version = version + 1 WHERE appointment_id = %(appointment_id)s",
        "UPDATE appointments SET version = version - 1 WHERE appointment_id = %(appointment_id)s",
    ),
    "a feed with a gap": (
        "billing",
        "UPDATE claim_feeds SET sequence = sequence + 1",
        "UPDATE claim_feeds SET sequence = sequence - 1",
    ),
    "finished encounters that somebody pays, and claims": (
        "billing",
        "UPDATE encounters SET patient_version = patient_version + 1 WHERE appointment_id = %(appointment_id)s",
        "UPDATE encounters SET patient_version = patient_version - 1 WHERE appointment_id = %(appointment_id)s",
    ),
    "a text that the carrier has and we know nothing of": (
        "notifications",
        (
            "INSERT INTO sandbox_texts SELECT network_id, %(patient_id)s, 'sid', from_number, to_number, body,"
            " accepted_at FROM sandbox_texts LIMIT 1"
        ),
        "DELETE FROM sandbox_texts WHERE attempt_id = %(patient_id)s",
    ),
    "a booked visit that nobody was told of": (
        "notifications",
        "UPDATE tellings SET told_start_at = told_start_at + interval '1 minute'",
        "UPDATE tellings SET told_start_at = told_start_at - interval '1 minute'",
    ),
    "an aggregate whose events have a gap": (
        "records",
        "UPDATE outbox SET version = version + 100 WHERE aggregate_id = %(patient_id)s",
        "UPDATE outbox SET version = version - 100 WHERE aggregate_id = %(patient_id)s",
    ),
    "events whose ids do not follow their versions": (
        "scheduling",
        "UPDATE outbox SET version = version + 100 WHERE aggregate_id = %(appointment_id)s AND version = 1",
        "UPDATE outbox SET version = version - 100 WHERE aggregate_id = %(appointment_id)s AND version = 101",
    ),
    "an aggregate whose newest fact counts as stale": (
        "notifications",
        "UPDATE inbox SET outcome = 'stale' WHERE aggregate_id = %(patient_id)s",
        "UPDATE inbox SET outcome = 'applied' WHERE aggregate_id = %(patient_id)s",
    ),
    "a text claimed after its number had opted out": (
        "notifications",
        (
            "INSERT INTO opt_outs SELECT network_id, %(patient_id)s, number, true, 1, claimed_at - interval '1 minute',"
            " 'planted' FROM texts WHERE appointment_id = %(told_id)s"
        ),
        "DELETE FROM opt_outs WHERE opt_out_id = %(patient_id)s",
    ),
    "a cancelled visit of which the last that was told is its time": (
        "notifications",
        "UPDATE appointments SET status = 'cancelled' WHERE appointment_id = %(told_id)s",
        "UPDATE appointments SET status = 'booked' WHERE appointment_id = %(told_id)s",
    ),
    "check-ins and encounters": (
        "records",
        "UPDATE encounters SET arrival_id = %(patient_id)s WHERE appointment_id = %(appointment_id)s",
        "UPDATE encounters SET arrival_id = %(arrival_id)s WHERE appointment_id = %(appointment_id)s",
    ),
    "took 1 events that nobody told": (
        "records",
        "INSERT INTO inbox (consumer, event_id, outcome) VALUES ('records.on_appointment', %(patient_id)s, 'applied')",
        "DELETE FROM inbox WHERE event_id = %(patient_id)s",
    ),
}


@pytest.mark.parametrize("named", PLANTED)
def test_a_planted_fault_is_found_by_its_name(desk, visit, named):
    service, plant, undo = PLANTED[named]
    ids = {name: visit[name] for name in ("patient_id", "appointment_id", "arrival_id", "told_id")}
    desk.rows(service, plant, **ids)
    try:
        assert any(named in fault for fault in desk.checker.faults())
    finally:
        desk.rows(service, undo, **ids)
    assert desk.checker.faults() == []


def test_an_event_that_was_not_taken_is_waited_for_and_is_lost_if_it_is_not_parked(desk, visit):
    taken = "SELECT consumer, event_id, network_id, aggregate_id, version, outcome FROM inbox"
    where = "consumer = 'records.on_appointment' AND aggregate_id = %(id)s"
    rows = desk.rows("records", f"{taken} WHERE {where}", id=visit["appointment_id"])
    desk.rows("records", f"DELETE FROM inbox WHERE {where}", id=visit["appointment_id"])
    try:
        assert desk.checker.waiting() == [f"records.on_appointment: {len(rows)} events to take"]
        (lost,) = desk.checker.faults()
        assert lost.startswith(f"records.on_appointment: {len(rows)} events neither taken nor parked")
        for row in rows:
            _park(desk, row["event_id"])
        assert desk.checker.faults() == []
    finally:
        desk.rows("records", "DELETE FROM parked_events WHERE reason = 'planted'")
        for row in rows:
            names, places = ", ".join(row), ", ".join(f"%({name})s" for name in row)
            desk.rows("records", f"INSERT INTO inbox ({names}) VALUES ({places})", **row)


def test_an_event_that_was_taken_and_is_parked_is_waited_for(desk, visit):
    taken = "SELECT event_id FROM inbox WHERE consumer = 'records.on_appointment' AND aggregate_id = %(id)s LIMIT 1"
    _park(desk, desk.rows("records", taken, id=visit["appointment_id"])[0]["event_id"])
    try:
        assert desk.checker.waiting() == ["records.on_appointment: 1 events taken and parked"]
    finally:
        desk.rows("records", "DELETE FROM parked_events WHERE reason = 'planted'")


def test_exactly_the_poison_has_to_be_parked(desk, visit):
    """Neither more nor less; where nobody knows what the poison is, nobody judges."""
    stray, url_of = str(new_id()), desk.system.admin_url
    _park(desk, stray)
    try:
        assert Checker(url_of, {("records.on_appointment", stray)}).faults() == []
        for poison in ((), {("records.on_appointment", stray), ("billing.on_claim", stray)}):
            (fault,) = Checker(url_of, poison).faults()
            assert fault.startswith("parked and no poison, or poison that is not parked: 1")
        assert desk.checker.faults() == []
    finally:
        desk.rows("records", "DELETE FROM parked_events WHERE reason = 'planted'")


def _park(desk, event_id):
    """Set aside by records, for a day at least."""
    desk.rows(
        "records",
        "INSERT INTO parked_events (consumer, event_id, type, body, reason, next_attempt_at)"
        " VALUES ('records.on_appointment', %(id)s, 'appointment-booked', '{}', 'planted', 'infinity')",
        id=event_id,
    )


def test_what_was_acknowledged_and_is_not_there_and_what_nobody_asked_for_are_found(desk):
    """One recorded booking; then what its client was told and what is there part, one way after the other."""
    diary, recorder = desk.diary(lanes=2), Recorder()
    accounts, person = Accounts(recorder, desk.rows), desk.newcomer()
    booked = recorder.caller(desk.session()).post("/v1/appointments", diary.body(0, new_patient=person))
    assert accounts.faults() == []
    desk.act(booked, "move", {"start_at": diary.start(1)})
    assert [fault for fault in accounts.faults() if f"{booked['appointment_id']}: acknowledged" in fault]
    desk.register(person)
    assert "newcomers who are not one patient: 1 of 1" in accounts.faults()
    desk.book(diary, 0)
    assert [fault for fault in accounts.faults() if fault.startswith("appointments that nobody was told of: 1")]
    assert [fault for fault in accounts.faults() if fault.startswith("patients that nobody was told of: 2")]
    recorder.operations[0].answer = {**booked, "appointment_id": str(new_id())}
    assert [fault for fault in accounts.faults() if fault.endswith("there is None")]
    recorder.operations[0].outcome = UNKNOWN
    assert "never answered: /v1/appointments" in accounts.faults()


def test_a_row_of_the_feed_that_its_readers_do_not_get_is_found(desk, visit):
    """In the network whose feed nobody reads."""
    desk.rows(
        "billing",
        "INSERT INTO claim_feed_rows SELECT (planted.row).* FROM (SELECT jsonb_populate_record(f,"
        " jsonb_build_object('network_id', %(harbor)s::text)) AS row FROM claim_feed_rows f LIMIT 1) planted",
        harbor=desk.harbor.network_id,
    )
    try:
        assert [fault for fault in unreadable_of_the_feed(desk) if fault.startswith("feed of harbor: 1 rows")]
    finally:
        desk.rows("billing", "DELETE FROM claim_feed_rows WHERE network_id = %(id)s", id=desk.harbor.network_id)
    assert not [fault for fault in unreadable_of_the_feed(desk) if fault.startswith("feed of harbor")]
