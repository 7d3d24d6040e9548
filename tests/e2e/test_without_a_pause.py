"""Registering, booking and checking in one after the other never trips over what is still on its way."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fix_desk import COUGH, answer

TIMES = 500
HELD_S = 5.0
DESKS = 8


@pytest.mark.timeout(600)
def test_registering_booking_and_checking_in_without_a_pause_works_five_hundred_times(desk):
    """With the relay standing still for five seconds in the midst of it, so that records hears of no check-in.

    Every encounter opens; one that is looked at or finished at once is pending or open, and never unknown.
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
        desk.wait_until(lambda: len(opened) > TIMES // 5)
        before = len(opened)
        _hold(desk.system.pid("relay"), HELD_S)
        assert len(opened) > before  # the desks went on meanwhile
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


def _hold(pid, seconds):
    """The process stands still, and nobody is told."""
    os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(seconds)  # the fault itself, no waiting for anything
    finally:
        os.kill(pid, signal.SIGCONT)
