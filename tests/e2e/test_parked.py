"""An event that a handler cannot handle is set aside with its reason, stops nothing, and a person settles it."""

import json
from contextlib import closing, contextmanager

import pika
import pytest

from shared.ids import new_id


@pytest.mark.requirement("3g")
@pytest.mark.requirement("3h")
def test_an_event_that_cannot_be_handled_is_parked_and_those_behind_it_go_on_and_a_retry_settles_it(desk):
    """Records' own database refuses one appointment until it is mended. Seen red by: a failed event acked unparked."""
    diary = desk.diary()
    victim, behind = desk.book(diary, 0), None
    with _refusing(desk, victim):
        bad = desk.act(victim, "check-in")
        name, row = _parked(desk, "records.on_appointment", "appointment-arrived")
        assert row["reason"]
        behind = desk.act(desk.book(diary, 1), "check-in")
        path = f"/v1/encounters/{behind['encounter_id']}"
        desk.wait_until(lambda: desk.session("clinician").get(path)["status"] == "in-progress")
        shown = desk.command("parked", "show", name)
        assert victim["appointment_id"] in shown.stdout
    retried = desk.command("parked", "retry", name)
    assert retried.returncode == 0 or "settled" in retried.stderr  # the service tries again by itself too
    path = f"/v1/encounters/{bad['encounter_id']}"
    desk.wait_until(lambda: desk.session("clinician").get(path)["status"] == "in-progress")
    desk.settle()
    assert desk.checker.faults() == []
    assert _listed(desk) == []


@pytest.mark.requirement("3g")
def test_what_a_person_discards_stays_away_and_the_list_says_why_and_shows_no_patient_data(desk):
    """A well-formed envelope whose data nobody can read, as a broken producer would send it.

    Seen red by: a list that has the body.
    """
    subject = str(new_id())
    _publish(desk, subject)
    for consumer in ("records.on_appointment", "notifications.on_appointment"):
        name, row = _parked(desk, consumer, "appointment-booked")
        assert row["reason"] == "bad-data"
        done = desk.command("parked", "discard", name, "--reason", "a test sent it")
        assert done.returncode == 0, done.stderr
    assert _listed(desk) == []
    discarded = [json.loads(line) for line in desk.command("parked", "list", "--all", "--json").stdout.splitlines()]
    assert {one["decision"] for one in discarded if one["status"] == "discarded"} == {"a test sent it"}
    assert "Wanda" not in json.dumps(discarded)
    desk.settle()


def _listed(desk):
    return [json.loads(line) for line in desk.command("parked", "list", "--json").stdout.splitlines()]


def _parked(desk, consumer, kind):
    """Name and row of the one parked event of that handler and type, once it is there."""
    found = []

    def there():
        found[:] = [row for row in _listed(desk) if (row["consumer"], row["type"]) == (consumer, kind)]
        return found

    desk.wait_until(there)
    (row,) = found
    return row["name"], row


@contextmanager
def _refusing(desk, appointment):
    """Records' copy of this appointment cannot be written meanwhile."""
    desk.rows(
        "records",
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'broken' USING ERRCODE = 'check_violation'; END $$;"
        f" CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON appointments FOR EACH ROW"
        f" WHEN (NEW.appointment_id = '{appointment['appointment_id']}') EXECUTE FUNCTION refuse()",
    )
    try:
        yield
    finally:
        desk.rows("records", "DROP TRIGGER refuse ON appointments; DROP FUNCTION refuse()")


def _publish(desk, subject):
    """`appointment-booked` with data that lacks everything."""
    body = {
        "specversion": "1.0",
        "id": str(new_id()),
        "source": "scheduling",
        "type": "appointment-booked",
        "subject": subject,
        "time": "2026-11-23T15:00:00+00:00",
        "dataschema": "urn:frontdesk:scheduling:appointment",
        "networkid": desk.elm.network_id,
        "version": 1,
        "correlationid": "test",
        "data": {"appointment_id": subject, "version": 1, "given": "Wanda"},
    }
    with closing(pika.BlockingConnection(pika.URLParameters(desk.system.rabbitmq.amqp_url))) as connection:
        connection.channel().basic_publish("scheduling.events", "appointment-booked", json.dumps(body).encode())
