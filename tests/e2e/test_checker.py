"""The checker finds what it is there to find: one planted fault after the other, each undone again."""

import pytest
from accounted import Accounts
from checker import Checker
from feed import unreadable_of_the_feed
from history import History
from recorded import RecordingApi

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


ENTRY = (
    "INSERT INTO waitlist_entries (network_id, entry_id, patient_id, appointment_type_id, notice_minutes, priority,"
    " state, waiting_since, looked_on, open_offer_id, version)"
    " SELECT network_id, %(patient_id)s, patient_id, appointment_type_id, 0, 0,"
)
OF_THE_VISIT = "FROM appointments WHERE appointment_id = %(told_id)s"
ACCEPTED = (
    "INSERT INTO waitlist_offers (network_id, offer_id, group_id, entry_id, patient_id, site_id, practitioner_id,"
    " appointment_type_id, start_at, end_at, zone, offered_at, expires_at, state, closed_at, booked_id, version)"
    " SELECT network_id, %(patient_id)s, %(patient_id)s, %(patient_id)s, patient_id, site_id, practitioner_id,"
    " appointment_type_id, start_at, end_at, zone, booked_at, start_at, 'accepted', booked_at, %(patient_id)s, 1"
    f" {OF_THE_VISIT}"
)
NO_OFFER = (
    "WITH gone AS (DELETE FROM waitlist_offers WHERE offer_id = %(patient_id)s RETURNING entry_id)"
    " DELETE FROM waitlist_entries WHERE entry_id IN (SELECT entry_id FROM gone)"
)
SAID_BACK = (
    "INSERT INTO responses (network_id, response_id, number, message_id, attempt_id, kind, language, due_at, status,"
    " tries) SELECT network_id, %(patient_id)s, '+12025550199', %(patient_id)s, %(patient_id)s, '{}', 'en', claimed_at,"
    " 'accepted', 1 FROM texts WHERE appointment_id = %(told_id)s"
)
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
            "WITH said AS (INSERT INTO opt_outs SELECT network_id, %(patient_id)s, number, true, 1, claimed_at,"
            " 'planted' FROM texts WHERE appointment_id = %(told_id)s RETURNING network_id, changed_at)"
            " INSERT INTO outbox (event_id, network_id, aggregate_type, aggregate_id, version, type, data, headers,"
            " occurred_at, published_at) SELECT '00000000-0000-7000-8000-000000000000', network_id, 'opt-out',"
            " %(patient_id)s, 1, 'patient-opted-out', '{}', '{}', changed_at, changed_at FROM said"
        ),
        (
            "WITH told AS (DELETE FROM outbox WHERE aggregate_type = 'opt-out' AND aggregate_id = %(patient_id)s)"
            " DELETE FROM opt_outs WHERE opt_out_id = %(patient_id)s"
        ),
    ),
    "something said back that no reply called for": (
        "notifications",
        SAID_BACK.format("help"),
        "DELETE FROM responses WHERE response_id = %(patient_id)s",
    ),
    "something said back against what its number had said last": (
        "notifications",
        (
            "WITH reply AS (INSERT INTO replies (network_id, message_id, from_number, body, meaning, received_at)"
            " SELECT network_id, %(patient_id)s, '+12025550199', 'STOP', 'stop', claimed_at FROM texts"
            " WHERE appointment_id = %(told_id)s) " + SAID_BACK.format("opted-out")
        ),
        (
            "WITH said AS (DELETE FROM responses WHERE response_id = %(patient_id)s)"
            " DELETE FROM replies WHERE message_id = %(patient_id)s::text"
        ),
    ),
    "a cancelled visit of which the last that was told is its time": (
        "notifications",
        "UPDATE appointments SET status = 'cancelled' WHERE appointment_id = %(told_id)s",
        "UPDATE appointments SET status = 'booked' WHERE appointment_id = %(told_id)s",
    ),
    "time that is held for nobody": (
        "scheduling",
        (
            "INSERT INTO bookings (network_id, resource_id, lane, hold_id, site_id, start_at, end_at)"
            " SELECT network_id, resource_id, lane, %(patient_id)s, site_id, start_at + interval '9 days',"
            " end_at + interval '9 days'"
            " FROM bookings WHERE appointment_id = %(told_id)s"
        ),
        "DELETE FROM bookings WHERE hold_id = %(patient_id)s",
    ),
    "a visit of who is absent that stands on no list": (
        "scheduling",
        (
            "INSERT INTO absences (network_id, absence_id, exception_id, practitioner_id, from_at, until_at, reason,"
            " site_ids, marked_at, version) SELECT network_id, %(patient_id)s, %(patient_id)s, practitioner_id,"
            " start_at, end_at, 'planted', ARRAY[site_id], booked_at, 1 FROM appointments"
            " WHERE appointment_id = %(told_id)s"
        ),
        "DELETE FROM absences WHERE absence_id = %(patient_id)s",
    ),
    "a place on a list that is open for a visit that is not where it was listed": (
        "scheduling",
        (
            "WITH said AS (INSERT INTO absences (network_id, absence_id, exception_id, practitioner_id, from_at,"
            " until_at, reason, site_ids, marked_at, undone_at, version) SELECT network_id, %(patient_id)s,"
            " %(patient_id)s, practitioner_id, start_at, end_at, 'planted', ARRAY[site_id], booked_at, booked_at, 1"
            " FROM appointments WHERE appointment_id = %(told_id)s)"
            " INSERT INTO reschedules SELECT network_id, %(patient_id)s, %(patient_id)s, appointment_id, site_id,"
            " practitioner_id, appointment_type_id, patient_id, start_at + interval '1 minute', end_at, zone,"
            " booked_at, 'to-call', '[]', '[]', NULL, 1 FROM appointments WHERE appointment_id = %(told_id)s"
        ),
        (
            "WITH gone AS (DELETE FROM reschedules WHERE reschedule_id = %(patient_id)s RETURNING absence_id)"
            " DELETE FROM absences WHERE absence_id IN (SELECT absence_id FROM gone)"
        ),
    ),
    "somebody who waits and has other offers to answer than it is said": (
        "scheduling",
        f"{ENTRY} 'waiting', booked_at, current_date, %(patient_id)s, 1 {OF_THE_VISIT}",
        "DELETE FROM waitlist_entries WHERE entry_id = %(patient_id)s",
    ),
    "a wish that was granted twice, or was granted and still waits": (
        "scheduling",
        f"WITH entry AS ({ENTRY} 'withdrawn', booked_at, current_date, NULL, 1 {OF_THE_VISIT}) {ACCEPTED}",
        NO_OFFER,
    ),
    "an accepted offer without its visit": (
        "scheduling",
        f"WITH entry AS ({ENTRY} 'booked', booked_at, current_date, NULL, 1 {OF_THE_VISIT}) {ACCEPTED}",
        NO_OFFER,
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


@pytest.fixture
def settled(desk, visit):
    """The visit, when nothing else is waited for: a planted booking that was taken out again is a freed time."""
    desk.settle()
    return visit


def test_an_event_that_was_not_taken_is_waited_for_and_is_lost_if_it_is_not_parked(desk, settled):
    taken = "SELECT consumer, event_id, network_id, aggregate_id, version, outcome FROM inbox"
    where = "consumer = 'records.on_appointment' AND aggregate_id = %(id)s"
    rows = desk.rows("records", f"{taken} WHERE {where}", id=settled["appointment_id"])
    desk.rows("records", f"DELETE FROM inbox WHERE {where}", id=settled["appointment_id"])
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


def test_an_event_that_was_taken_and_is_parked_is_waited_for(desk, settled):
    taken = "SELECT event_id FROM inbox WHERE consumer = 'records.on_appointment' AND aggregate_id = %(id)s LIMIT 1"
    _park(desk, desk.rows("records", taken, id=settled["appointment_id"])[0]["event_id"])
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
    diary, history, person = desk.diary(lanes=2), History(), desk.newcomer()
    accounts, written = Accounts(desk.rows), history.operations
    booked = RecordingApi(history, desk.session()).post("/v1/appointments", diary.body(0, new_patient=person))
    assert accounts.differences(written) == ([], [])
    desk.act(booked, "move", {"start_at": diary.start(1)})
    moved = f"1 appointments to which more was done than was said: {booked['appointment_id']} acknowledged"
    assert [one for one in accounts.differences(written)[1] if one.startswith(moved)]
    desk.register(person)
    assert f"1 newcomers who are more than one patient: {person['phone']}" in accounts.differences(written)[1]
    other = desk.book(diary, 0)
    assert accounts.differences(written)[1][1:] == [
        f"1 appointments that nobody was told of: {other['appointment_id']}",
        f"1 newcomers who are more than one patient: {person['phone']}",
        f"1 patients that nobody was told of: {other['patient_id']}",
    ]
    written[0].answer = {**booked, "appointment_id": (lost := str(new_id()))}
    assert accounts.differences(written)[0] == [f"1 acknowledged appointments that are not there: {lost}"]


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


LOOKED_UP = "notifications: 1 texts to look up"


def test_a_text_that_is_about_to_be_looked_up_is_waited_for(desk, settled):
    """At a carrier whom nobody asks, so that it stays so. Seen red by: a text that is settled a moment later."""
    its = "WHERE appointment_id = %(id)s"
    [before] = desk.rows("notifications", f"SELECT gateway FROM texts {its} AND lead IS NULL", id=settled["told_id"])
    unknown = (
        "UPDATE texts SET status = 'unknown', gateway = 'nobody', looks = 0, next_look_at = now() + %(soon)s::interval"
    )
    try:
        for soon, waited_for in (("1 second", True), ("1 hour", False)):
            desk.rows("notifications", f"{unknown} {its} AND lead IS NULL", id=settled["told_id"], soon=soon)
            assert (LOOKED_UP in desk.checker.waiting()) == waited_for
    finally:
        known = "UPDATE texts SET status = 'accepted', gateway = %(gateway)s, next_look_at = NULL"
        desk.rows("notifications", f"{known} {its} AND lead IS NULL", id=settled["told_id"], **before)


def test_one_look_sees_one_moment(desk):
    """Seen red by: a connection that sees what was committed between two of its questions."""
    checker = Checker(desk.system.admin_url)
    wanted = "SELECT count(*) FROM pg_class WHERE relname = 'of_the_next_moment'"
    try:
        with checker._connected():
            desk.rows("notifications", "CREATE TABLE of_the_next_moment ()")
            assert checker._ask("notifications", wanted) == [(0,)]
        with checker._connected():
            assert checker._ask("notifications", wanted) == [(1,)]
    finally:
        desk.rows("notifications", "DROP TABLE IF EXISTS of_the_next_moment")
