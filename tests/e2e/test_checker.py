"""The checker finds what it is there to find: one planted fault after the other, each undone again."""

import pytest


@pytest.fixture(scope="module")
def visit(desk):
    """One whole visit with a text, an encounter, a claim and a row of the feed."""
    diary = desk.diary()
    arrived = desk.act(desk.book(diary, 0, desk.insured()), "check-in")
    desk.finish(arrived["encounter_id"])
    desk.book(diary, 1, desk.insured())
    desk.settle()
    assert desk.checker.faults() == []
    return arrived


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
        "UPDATE patient_versions SET coverages = '[]' WHERE patient_id = %(patient_id)s",
        "UPDATE patient_versions SET coverages = '[{}]' WHERE patient_id = %(patient_id)s",
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
    "took 1 events that nobody told": (
        "records",
        "INSERT INTO inbox (consumer, event_id, outcome) VALUES ('records.on_appointment', %(patient_id)s, 'applied')",
        "DELETE FROM inbox WHERE event_id = %(patient_id)s",
    ),
}


@pytest.mark.parametrize("named", PLANTED)
def test_a_planted_fault_is_found_by_its_name(desk, visit, named):
    service, plant, undo = PLANTED[named]
    ids = {"patient_id": visit["patient_id"], "appointment_id": visit["appointment_id"]}
    desk.rows(service, plant, **ids)
    try:
        assert any(named in fault for fault in desk.checker.faults())
    finally:
        desk.rows(service, undo, **ids)
    assert desk.checker.faults() == []


def test_an_event_that_was_not_taken_is_waited_for(desk, visit):
    taken = "SELECT consumer, event_id, network_id, aggregate_id, version, outcome FROM inbox"
    where = "consumer = 'records.on_appointment' AND aggregate_id = %(id)s"
    rows = desk.rows("records", f"{taken} WHERE {where}", id=visit["appointment_id"])
    desk.rows("records", f"DELETE FROM inbox WHERE {where}", id=visit["appointment_id"])
    try:
        assert desk.checker.waiting() == [f"records.on_appointment: {len(rows)} events to take"]
    finally:
        for row in rows:
            names, places = ", ".join(row), ", ".join(f"%({name})s" for name in row)
            desk.rows("records", f"INSERT INTO inbox ({names}) VALUES ({places})", **row)
