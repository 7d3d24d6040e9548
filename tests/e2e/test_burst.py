"""A burst of events starves no booking."""

import json
from contextlib import closing
from datetime import UTC, datetime

import pika
import pytest

from shared.events.encryption import Keyring
from shared.events.envelope import Event, encode
from shared.events.records import PatientRegistered
from shared.ids import new_id

BACKLOG = 5_000
BOOKINGS = 5
TAKEN = "SELECT count(*) AS n FROM inbox WHERE consumer = 'scheduling.on_patient' AND network_id = %(network)s"


@pytest.fixture
def strangers(desk):
    """A network that exists in events alone; nothing of it is left at the end."""
    network = new_id()
    yield network
    desk.wait_until(lambda: _taken(desk, network) == BACKLOG, 240)
    desk.settle()
    for service, tables in (
        ("scheduling", ("patients", "inbox")),
        ("billing", ("patient_versions", "inbox")),
        ("notifications", ("patient_numbers", "patients", "inbox")),
    ):
        desk.wait_until(lambda s=service: _untouched(desk, s, network), 240)
        for table in tables:
            desk.rows(service, f"DELETE FROM {table} WHERE network_id = %(network)s", network=network)


def test_bookings_are_answered_while_a_backlog_of_five_thousand_events_is_worked_off(desk, strangers):
    """Nothing is timed: the last booking is done before the backlog is."""
    diary = desk.diary()
    desk.system.stop("scheduling")
    try:
        _publish(desk, strangers)
    finally:
        desk.system.start("scheduling")
    booked = [desk.book(diary, place) for place in range(BOOKINGS)]
    left = BACKLOG - _taken(desk, strangers)
    assert {one["status"] for one in booked} == {"booked"}
    assert left > 0


def _taken(desk, network):
    return desk.rows("scheduling", TAKEN, network=network)[0]["n"]


def _untouched(desk, service, network):
    told = "SELECT count(*) AS n FROM inbox WHERE consumer = %(name)s AND network_id = %(network)s"
    return desk.rows(service, told, name=f"{service}.on_patient", network=network)[0]["n"] == BACKLOG


def _publish(desk, network):
    keyring = Keyring.parse(desk.system.secret("event_keys"))
    with closing(pika.BlockingConnection(pika.URLParameters(desk.system.rabbitmq.amqp_url))) as connection:
        channel = connection.channel()
        for _ in range(BACKLOG):
            body = json.dumps(encode(_registered(network), keyring)).encode()
            channel.basic_publish("records.events", PatientRegistered.type, body)


def _registered(network):
    patient = PatientRegistered(
        patient_id=new_id(), version=1, given="Sam", family="Ray", birth_on=None, phones=(), consents=(), coverages=()
    )
    return Event(
        id=new_id(),
        source="records",
        type=PatientRegistered.type,
        subject=patient.patient_id,
        time=datetime.now(UTC),
        networkid=network,
        version=1,
        correlationid="burst",
        causationid=None,
        traceparent=None,
        data=patient,
    )
