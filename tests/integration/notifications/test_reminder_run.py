"""A day's reminders, sent by two runs at once, one of which is killed in the middle.

FRONTDESK_REMINDED_VISITS=5000 makes it the 5,000 of requirement 25; every run has fewer.
"""

import os
import signal
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from fix_notifications import NOW, Desk, patient_with, told
from fix_sender import send_in_a_child

from services.notifications.adapters.sandbox import REFUSED_NUMBER
from shared.events.records import PatientUpdated
from shared.events.scheduling import AppointmentCondition

VISITS = int(os.environ.get("FRONTDESK_REMINDED_VISITS", "200"))
START = NOW + timedelta(days=2)
BOOKED_AT = NOW - timedelta(days=10)


def many(desk: Desk) -> list[AppointmentCondition]:
    """Visits of one hour in two days, told of long ago; the first patient has no phone, the second a bad number."""
    numbers = [None, REFUSED_NUMBER, *(f"+1202{place:07}" for place in range(5_550_000, 5_550_000 + VISITS - 2))]
    patients = [patient_with(number) for number in numbers]
    visits = [desk.visit(patient.patient_id, start_at=START) for patient in patients]
    hear(desk, patients, visits)
    desk.rows("DELETE FROM texts WHERE lead IS NULL")
    return visits


def hear(desk: Desk, patients: Sequence[PatientUpdated], visits: Sequence[AppointmentCondition]) -> None:
    for at in range(0, len(visits), 500):
        desk.hear(*patients[at : at + 500])
        desk.hear(*[told(visit, desk.network_id, BOOKED_AT) for visit in visits[at : at + 500]])


@pytest.mark.requirement("25a")
@pytest.mark.requirement("25b")
@pytest.mark.requirement("25c")
@pytest.mark.parametrize("place", ["text.after-claim", "text.after-request"])
def test_two_runs_at_once_and_a_killed_one_remind_each_patient_once(notifications: Desk, place: str) -> None:
    """Whoever is eligible gets one text; each of the others has its reason, and keeps nobody waiting.

    Seen red by: a carrier's list that is not believed.
    """
    visits = many(notifications)
    cancelled = replace(visits[2], version=2, status="cancelled")
    notifications.hear(told(cancelled, notifications.network_id, NOW - timedelta(seconds=1)))
    assert send_in_a_child(notifications, f"{place}:1:kill") == -signal.SIGKILL
    with ThreadPoolExecutor(2) as workers:
        assert all(run.result() is not None for run in [workers.submit(notifications.send) for _ in range(2)])
    find_out_what_became_of_the_killed(notifications)
    rows = notifications.rows("SELECT status, reason FROM texts WHERE kind = 'reminder' AND lead = 'P2D'")
    assert Counter((row["status"], row["reason"]) for row in rows) == {
        ("accepted", None): VISITS - 3,
        ("skipped", "no-phone"): 1,
        ("skipped", "visit-changed"): 1,
        ("refused", "invalid-number"): 1,
    }
    sent = Counter(row["to_number"] for row in notifications.rows("SELECT to_number FROM sandbox_texts"))
    assert (len(sent), set(sent.values())) == (VISITS - 3, {1})
    assert sorted(notifications.tasks()) == ["no-phone", "text-refused"]
    assert notifications.troubles == []


def find_out_what_became_of_the_killed(desk: Desk) -> None:
    """Its claims are given up as unknown, then looked up at the carrier; what that never had is sent."""
    desk.real_time.instant += timedelta(minutes=2)
    desk.send()
    desk.real_time.instant += timedelta(minutes=15)
    desk.look_up()
    desk.real_time.instant += timedelta(hours=1)
    desk.send()
