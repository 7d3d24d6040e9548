"""Workers, replies and crashes at the same moment."""

import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from at_once import paused_before_commit, until, waits_for_a_lock, waits_for_a_row
from fix_notifications import Desk, patient_with
from fix_sender import send_in_a_child

from services.notifications.domain.commands import ReceiveReply
from services.notifications.operations import receive_reply
from services.notifications.operations.claim_texts import claim_texts

NUMBER = "+12025550100"
MANY = 500


def test_two_workers_at_once_on_500_due_texts_send_each_exactly_once(notifications: Desk) -> None:
    """Seen red by: a claim without locks, neither of the number nor of the rows."""
    patients = [patient_with(f"+1202555{place:04}") for place in range(MANY)]
    notifications.hear(*patients)
    notifications.hear(*[notifications.visit(patient.patient_id) for patient in patients])
    with ThreadPoolExecutor(2) as workers:
        runs = [workers.submit(notifications.send) for _ in range(2)]
        sent = [run.result() for run in runs]
    notifications.send()
    [row] = notifications.rows("SELECT count(*) AS all, count(DISTINCT to_number) AS numbers FROM sandbox_texts")
    assert (row["all"], row["numbers"]) == (MANY, MANY)
    assert min(sent) > 0
    assert {status for _, status, _ in notifications.texts()} == {"accepted"}
    assert notifications.troubles == []


@pytest.mark.requirement("8f")
def test_a_claim_that_meets_a_stop_waits_for_it_and_sends_nothing(notifications: Desk) -> None:
    """A STOP acknowledged has no claim after it. Seen red by: claim_texts without the number's lock."""
    patient_id = notifications.patient(NUMBER)
    stop = notifications.units.for_network(notifications.network_id)
    there, go_on = paused_before_commit(stop)
    reply = ReceiveReply(from_number=NUMBER, to_number="+12025550999", body="STOP", message_id="m1")
    with ThreadPoolExecutor(2) as pool:
        stopping = pool.submit(receive_reply, reply, stop, notifications.clock)
        assert there.wait(10)
        notifications.hear(notifications.visit(patient_id))  # due only now: the STOP has not seen it
        sending = pool.submit(notifications.send)
        until(lambda: waits_for_a_lock(notifications) or sending.done())
        go_on.set()
        assert stopping.result().opted_out
        assert sending.result() == 0
    assert notifications.texts() == [("booked", "skipped", "opted-out")]
    assert notifications.bodies() == []


def test_a_stop_that_meets_a_claim_is_acknowledged_only_after_the_claim_is_committed(notifications: Desk) -> None:
    """Seen red by: receive_reply without the number's lock."""
    notifications.hear(notifications.visit(notifications.patient(NUMBER)))
    with notifications.units.for_network(notifications.network_id) as uow:
        [candidate] = uow.texts.ready(notifications.clock.now(), notifications.real_time.now(), 1)
    with ThreadPoolExecutor(1) as pool:
        with notifications.worker_units.for_network(notifications.network_id) as claim:
            assert claim_texts(
                [candidate], claim, notifications.clock, notifications.real_time.now(), "sandbox"
            ).outgoing
            stopping = pool.submit(notifications.reply, "STOP")
            until(lambda: waits_for_a_lock(notifications) or stopping.done())
            assert not stopping.done()
            claim.commit()
        assert stopping.result().opted_out
    assert notifications.texts() == [("booked", "claimed", None)]


def test_an_event_that_meets_a_claim_waits_and_tells_the_rest(notifications: Desk) -> None:
    """The visit moves while its first text is being claimed: both texts go out, each once."""
    visit = notifications.visit(notifications.patient(NUMBER))
    notifications.hear(visit)
    with notifications.units.for_network(notifications.network_id) as uow:
        [candidate] = uow.texts.ready(notifications.clock.now(), notifications.real_time.now(), 1)
    moved = type(visit)(**{**vars(visit), "version": 2, "start_at": visit.start_at + timedelta(hours=1)})
    with ThreadPoolExecutor(1) as pool:
        with notifications.worker_units.for_network(notifications.network_id) as claim:
            claim_texts([candidate], claim, notifications.clock, notifications.real_time.now(), "sandbox")
            moving = pool.submit(notifications.hear, moved)
            until(lambda: waits_for_a_row(notifications) or moving.done())
            claim.commit()
        moving.result()
    assert sorted(notifications.texts()) == [("booked", "claimed", None), ("rescheduled", "due", None)]


@pytest.mark.parametrize("action", ["kill", "raise", "reset"])
@pytest.mark.parametrize(
    ("place", "reached_the_carrier"), [("text.after-claim", 0), ("text.after-request", 1), ("text.after-response", 1)]
)
def test_a_crash_anywhere_gives_at_most_one_text_and_a_person_hears_of_it(
    notifications: Desk, place: str, reached_the_carrier: int, action: str
) -> None:
    """Seen red by: the claim committed only with its outcome; lost claims made due again."""
    visit = notifications.visit(notifications.patient(NUMBER))
    notifications.hear(visit)
    ended = send_in_a_child(notifications, f"{place}:1:{action}")
    assert ended == (-signal.SIGKILL if action == "kill" else 0)
    notifications.send()
    notifications.real_time.instant += timedelta(minutes=10)  # the child read its own clock, somewhat later
    for _ in range(2):
        notifications.hear(visit)
        notifications.send()
    assert len(notifications.bodies()) == reached_the_carrier
    [(_, status, _)] = notifications.texts()
    assert status == "unknown"
    assert notifications.tasks() == ["text-unknown"]
    assert notifications.events() == [("text-failed", 1)]
