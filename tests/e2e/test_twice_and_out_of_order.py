"""Events that come late, twice and in any order, and processes that die between commit and publish."""

import random
import time
from contextlib import closing

import pika
import psycopg2
import pytest
from checker import SERVICES
from fix_desk import answer
from psycopg2.extras import RealDictCursor

from shared.events.registry import FEED_EXCHANGE, exchange_of
from shared.messaging.outbox_rows import COLUMNS

SEED = 20261123


@pytest.fixture
def relay(desk):
    """Relay, scheduling and sender, running again and without failpoints at the end, however the test ended."""
    yield desk.system
    for name in ("relay", "scheduling", "notifications-work"):
        if desk.system.pid(name) is None or desk.system.settings(name).get("FAILPOINT"):
            desk.system.restart(name, FAILPOINT="")


@pytest.mark.requirement("3a")
def test_a_process_that_dies_between_commit_and_publish_has_its_event_published_later(desk, relay):
    """Scheduling kills itself after the commit, the client hears nothing; its repeat finds what was done.

    Seen red by: outbox rows in a transaction of their own, after the commit.
    """
    diary, key = desk.diary(), "after-the-commit"
    patient = desk.register()
    desk.settle()
    body, system = diary.body(0, patient_id=patient["patient_id"]), desk.system
    system.stop("relay")
    system.restart("scheduling", FRONTDESK_FAILPOINTS="1", FAILPOINT="uow.after-commit:1:kill")
    lost = answer(desk.session(), "POST", "/v1/appointments", body, Idempotency_Key=key)
    assert lost.status in (503, 504)
    made = "SELECT appointment_id, status FROM appointments WHERE practitioner_id = %(id)s"
    (row,) = desk.rows("scheduling", made, id=diary.practitioner_id)
    system.kill("scheduling")  # dead already; nothing may start it again as it was
    system.start("scheduling", FAILPOINT="")
    system.start("relay", FAILPOINT="")
    again = answer(desk.session(), "POST", "/v1/appointments", body, Idempotency_Key=key)
    assert (again.status, again.body["appointment_id"]) == (201, str(row["appointment_id"]))
    desk.settle()
    assert desk.texts(again.body) == [("booked", "accepted", None)]
    assert desk.checker.faults() == []


@pytest.mark.parametrize("moment", ["after-select", "after-publish", "after-confirm"])
@pytest.mark.requirement("3a")
def test_a_relay_that_dies_at_any_moment_loses_no_event_and_repeats_no_effect(desk, relay, moment):
    """Seen red by: rows stamped when they are selected."""
    diary = desk.diary()
    desk.settle()
    desk.system.restart("relay", FRONTDESK_FAILPOINTS="1", FAILPOINT=f"relay.{moment}:1:kill")
    booked = desk.book(diary, 0, desk.insured())
    _wait_for_death(desk, "relay")
    desk.system.start("relay", FAILPOINT="")
    desk.settle()
    assert desk.texts(booked) == [("booked", "accepted", None)]
    assert desk.checker.faults() == []


@pytest.mark.requirement("3c")
@pytest.mark.requirement("3d")
@pytest.mark.requirement("3e")
@pytest.mark.requirement("3f")
def test_events_that_come_twice_and_out_of_order_leave_every_service_as_a_clean_run_does(desk, relay):
    """The relay stands still; what waits in the outboxes is published by the test, each row twice, shuffled.

    The sender stands still too: it would tell of a booking at once, before its cancellation comes.
    A clean run of the same visits comes first; bills, texts' last words, visits must be the same in both.
    Seen red by: notifications' `keep-appointments` without its WHERE; an inbox that lets everything by, together with
    encounters that stay to be billed when they have been.
    """
    clean = [_visit(desk, desk.diary(), plan) for plan in PLANS]
    _finish(desk, clean)
    desk.settle()
    wanted = [_outcome(desk, one) for one in clean]
    desk.system.stop("relay")
    desk.system.stop("notifications-work")
    diaries = [desk.diary() for _ in PLANS]
    shuffled = [_visit(desk, diary, plan) for diary, plan in zip(diaries, PLANS, strict=True)]
    stir = random.Random(SEED)
    _publish_all(desk, stir)
    _finish(desk, shuffled)
    _publish_all(desk, stir)
    desk.system.start("relay", FAILPOINT="")  # which publishes all of it once more
    desk.wait_until(lambda: not [one for one in desk.checker.waiting() if "to take" in one or "to publish" in one])
    desk.system.start("notifications-work")
    desk.settle()
    assert desk.checker.faults() == []
    assert [_outcome(desk, one) for one in shuffled] == wanted
    cancelled = shuffled[PLANS.index("cancelled")]
    assert all(status != "accepted" for kind, status, _ in desk.texts(cancelled) if kind != "cancelled")


PLANS = ("seen", "moved and seen", "wrongly checked in", "cancelled", "reinstated and seen")


def _visit(desk, diary, plan):
    booked = desk.book(diary, 0, desk.insured())
    if "moved" in plan:
        desk.act(booked, "move", {"start_at": diary.start(1)})
    if plan in ("cancelled", "reinstated and seen"):
        desk.act(booked, "cancel", {"reason": "patient called"})
    if plan == "reinstated and seen":
        desk.act(booked, "reinstate")
    if "checked in" in plan:
        desk.act(booked, "check-in")
        desk.act(booked, "undo-check-in")
    return desk.act(booked, "check-in") if "seen" in plan else booked


def _finish(desk, visits):
    for visit in visits:
        if visit["encounter_id"]:
            desk.finish(visit["encounter_id"])


def _outcome(desk, visit):
    """What is left of a visit in each service, without ids and times."""
    appointment = desk.session().get(f"/v1/appointments/{visit['appointment_id']}")
    encounters = desk.rows(
        "records", "SELECT status FROM encounters WHERE appointment_id = %(id)s ORDER BY 1", id=visit["appointment_id"]
    )
    claims = desk.rows(
        "billing",
        "SELECT claims.status, total_cents FROM claims JOIN encounters USING (network_id, encounter_id)"
        " WHERE appointment_id = %(id)s",
        id=visit["appointment_id"],
    )
    open_ones = [row["status"] for row in encounters if row["status"] != "entered-in-error"]
    return appointment["status"], open_ones, claims


def _publish_all(desk, stir):
    """Every row that waits, twice, in any order; again while its effects make new ones, until all are taken."""
    published = set()

    def all_is_taken():
        rows = [row for row in _waiting(desk) if row["event_id"] not in published]
        batch = [*rows, *rows]
        stir.shuffle(batch)
        _publish(desk, batch)
        published.update(row["event_id"] for row in rows)
        return not [one for one in desk.checker.waiting() if "to publish" not in one and "to send" not in one]

    desk.wait_until(all_is_taken, 120)


def _publish(desk, rows):
    with closing(pika.BlockingConnection(pika.URLParameters(desk.system.rabbitmq.amqp_url))) as connection:
        channel = connection.channel()
        for row in rows:
            exchange = exchange_of(row["type"])
            key = row["network_id"] if exchange == FEED_EXCHANGE else row["type"]
            properties = pika.BasicProperties(message_id=row["event_id"], type=row["type"], delivery_mode=2)
            channel.basic_publish(exchange, key, row["body"].encode(), properties)


def _waiting(desk):
    found = []
    for service in SERVICES:
        with closing(psycopg2.connect(desk.system.admin_url(service), cursor_factory=RealDictCursor)) as connection:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {COLUMNS} FROM outbox WHERE published_at IS NULL")
                found += cursor.fetchall()
    return found


def _wait_for_death(desk, name):
    """Without looking after it: nobody starts it again with its failpoint."""
    deadline = time.monotonic() + 30
    while desk.system.pid(name) is not None:
        assert time.monotonic() < deadline, f"{name} lives on"
        time.sleep(0.05)
