"""Registering, booking and checking in one after the other never trips over what is still on its way."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import psycopg2
import pytest
import urllib3
from fix_desk import COUGH, answer

from shared.messaging.relay import LOCK_KEY

TIMES = 500
HELD_S = 5.0
DESKS = 8


@pytest.mark.timeout(600)
def test_registering_booking_and_checking_in_without_a_pause_works_five_hundred_times(desk):
    """In the midst of it records' relay alone stands still for five seconds: nobody hears of a patient registered.

    Later scheduling's does, so that records hears of no check-in. Every encounter opens; one that is looked at or
    finished at once is pending or open, and never unknown.
    Seen red by: booking only whom scheduling has heard of; an encounter that is on its way answered 404.
    """
    diary = desk.diary(lanes=100)
    people = [desk.newcomer() for _ in range(TIMES)]
    secretary, clinician, opened = desk.session(), desk.session("clinician"), []

    def visit(place):
        patient = secretary.post("/v1/patients", {"site_id": diary.site_id, **people[place]})
        booked = secretary.post("/v1/appointments", diary.body(place % 40, patient_id=patient["patient_id"]))
        arrived = secretary.post(f"/v1/appointments/{booked['appointment_id']}/check-in")
        opened.append(arrived["encounter_id"])
        path = f"/v1/encounters/{arrived['encounter_id']}"
        if place % 5:
            return answer(clinician, "GET", path)
        return answer(clinician, "POST", f"{path}/finish", COUGH)

    with ThreadPoolExecutor(DESKS) as desks:
        visits = [desks.submit(visit, place) for place in range(TIMES)]
        for place, held in ((1, "records"), (3, "scheduling")):
            desk.wait_until(lambda place=place: len(opened) > TIMES * place // 5)
            with _holding(desk, held):
                _hold_for(HELD_S, desk, held, opened)
        answers = [one.result() for one in visits]
    said = {(one.status, one.slug if one.status == 409 else one.body["status"]) for one in answers}
    assert said <= {(200, "in-progress"), (202, "pending"), (200, "finished"), (409, "encounter-pending")}
    assert {(202, "pending"), (409, "encounter-pending")} & said
    desk.settle()
    found = desk.rows(
        "records",
        "SELECT status, count(*) AS n FROM encounters WHERE practitioner_id = %(id)s GROUP BY status",
        id=diary.practitioner_id,
    )
    counts = {row["status"]: row["n"] for row in found}
    finished = sum(one.status == 200 and one.body["status"] == "finished" for one in answers)
    assert counts.get("finished", 0) == finished
    assert counts["in-progress"] == TIMES - finished


def _hold_for(seconds, desk, held, opened):
    """The desks go on meanwhile, and so does every other relay."""
    others = {"records", "scheduling"} - {held}
    before, told = len(opened), {service: _published(desk, service) for service in (held, *others)}
    time.sleep(seconds)  # the fault itself, no waiting for anything
    assert len(opened) > before
    assert _published(desk, held) == told[held]
    assert all(_published(desk, service) > told[service] for service in others)


def _published(desk, service):
    (row,) = desk.rows(service, "SELECT count(*) AS n FROM outbox WHERE published_at IS NOT NULL")
    return row["n"]


@contextmanager
def _holding(desk, service):
    """The relay of that database loses it to us and publishes nothing of it, as if another relay owned it and hung."""
    locks = (
        "FROM pg_locks WHERE locktype = 'advisory' AND (classid::bigint << 32) + objid::bigint = %(key)s"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with closing(psycopg2.connect(desk.system.admin_url(service))) as ours, ThreadPoolExecutor(1) as waiting:
        taken = waiting.submit(_take, ours)
        desk.wait_until(lambda: desk.rows(service, f"SELECT pid {locks} AND NOT granted", key=LOCK_KEY))
        desk.rows(service, f"SELECT pg_terminate_backend(pid) {locks} AND granted", key=LOCK_KEY)
        taken.result(10)
        desk.wait_until(lambda: f'frontdesk_relay_owner{{source="{service}"}} 0.0' in _metrics(desk))
        yield


def _take(ours):
    with ours.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", (LOCK_KEY,))


def _metrics(desk):
    return urllib3.request("GET", f"http://{desk.system.address('relay')}/metrics").data.decode()
