"""From a visit to a text: what is sent, what is not, and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from fix_notifications import NOW, TOMORROW, Desk, patient_with

from services.notifications.adapters.sandbox import REFUSED_NUMBER
from services.notifications.operations.gateway import Answer, Outgoing
from shared.ids import new_id


class SilentGateway:
    """Takes the text and never says so."""

    name = "silent"
    at_once = 50
    per_second = None

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []

    def send(self, outgoing: Sequence[Outgoing]) -> list[Answer]:
        self.taken += outgoing
        raise TimeoutError


def test_a_booked_visit_is_told_once(notifications: Desk) -> None:
    visit = notifications.visit(notifications.patient())
    notifications.hear(visit)
    assert [notifications.send(), notifications.send()] == [1, 0]
    notifications.hear(visit)
    notifications.send()
    assert notifications.texts() == [("booked", "accepted", None)]
    assert notifications.bodies() == [
        "North Clinic: you have an appointment on Tue, Nov 24, 2026 at 10:00 AM. Reply STOP to opt out."
    ]
    assert notifications.events() == [("text-sent", 1)]


def test_a_visit_that_moves_is_told_with_its_new_time_and_a_cancelled_one_with_its_end(notifications: Desk) -> None:
    visit = notifications.visit(notifications.patient())
    for version, change in enumerate(
        [{}, {"start_at": TOMORROW + timedelta(hours=1)}, {"status": "cancelled"}, {"status": "booked"}], start=1
    ):
        visit = replace(visit, version=version, **change)
        notifications.hear(visit)
        notifications.send()
    assert sorted(kind for kind, _, _ in notifications.texts()) == ["booked", "booked", "cancelled", "rescheduled"]
    assert {status for _, status, _ in notifications.texts()} == {"accepted"}


@pytest.mark.requirement("7d")
def test_a_text_that_waited_for_the_old_time_is_never_sent_once_the_visit_has_moved(notifications: Desk) -> None:
    """Seen red by: no `drop-due` in replace_due."""
    visit = notifications.visit(notifications.patient())
    notifications.hear(visit)
    notifications.hear(replace(visit, version=2, start_at=TOMORROW + timedelta(hours=1)))
    assert [notifications.send(), notifications.send()] == [1, 0]
    assert notifications.texts() == [("booked", "accepted", None)]
    assert "11:00 AM" in notifications.bodies()[0]


@pytest.mark.parametrize("status", ["cancelled", "arrived", "fulfilled", "noshow", "entered-in-error"])
def test_a_text_that_was_not_sent_dies_with_its_reason_to_be(notifications: Desk, status: str) -> None:
    """Seen red by: no `drop-due` in replace_due."""
    visit = notifications.visit(notifications.patient())
    notifications.hear(visit)
    notifications.hear(replace(visit, version=2, status=status))
    notifications.send()
    assert notifications.texts() == []
    assert notifications.bodies() == []


@pytest.mark.requirement("24a")
@pytest.mark.requirement("24c")
@pytest.mark.parametrize(
    ("number", "consented", "reason"),
    [(None, None, "no-phone"), ("+12025550100", None, "no-consent"), ("+12025550100", False, "no-consent")],
)
def test_without_a_recorded_consent_nothing_is_sent_and_a_task_says_why(
    notifications: Desk, number: str | None, consented: bool | None, reason: str
) -> None:
    """Seen red by: why_not_reachable returns None for a consent that is None."""
    notifications.hear(notifications.visit(notifications.patient(number, consented)))
    assert notifications.send() == 0
    assert notifications.texts() == [("booked", "skipped", reason)]
    assert notifications.tasks() == [reason]
    assert notifications.events() == [("text-skipped", 1)]
    assert notifications.bodies() == []


@pytest.mark.requirement("24d")
def test_a_consent_withdrawn_while_a_text_is_due_is_in_force_before_it_is_sent(notifications: Desk) -> None:
    """Seen red by: the number and its consent taken over when the text became due."""
    patient_id = notifications.patient()
    notifications.hear(notifications.visit(patient_id))
    notifications.hear(patient_with(consented=False, version=2, patient_id=patient_id))
    notifications.send()
    assert notifications.texts() == [("booked", "skipped", "no-consent")]
    assert notifications.bodies() == []


@pytest.mark.requirement("24b")
def test_while_consents_cannot_be_looked_up_nothing_is_sent(notifications: Desk) -> None:
    """Seen red by: an error of the look-up read as consent."""
    notifications.hear(notifications.visit(notifications.patient()))
    notifications.rows("REVOKE SELECT ON patient_numbers FROM notifications_app")
    notifications.send()
    assert notifications.texts() == [("booked", "due", None)]
    assert len(notifications.troubles) == 1
    notifications.rows("GRANT SELECT ON patient_numbers TO notifications_app")
    notifications.send()
    assert notifications.texts() == [("booked", "accepted", None)]


@pytest.mark.requirement("24b")
def test_a_text_waits_for_an_unknown_patient_and_after_a_minute_a_task_says_so(notifications: Desk) -> None:
    """Seen red by: an unknown patient taken as one without numbers, in `ready-texts` and in claim_texts."""
    patient = patient_with()
    notifications.hear(notifications.visit(patient.patient_id))
    notifications.send()
    assert (notifications.texts(), notifications.tasks()) == ([("booked", "due", None)], [])
    notifications.real_time.instant += timedelta(seconds=61)
    notifications.send()
    assert (notifications.texts(), notifications.tasks()) == ([("booked", "due", None)], ["copy-missing"])
    notifications.hear(patient)
    notifications.send()
    assert (notifications.texts(), notifications.tasks()) == ([("booked", "accepted", None)], [])


def test_a_visit_that_has_begun_is_told_no_more(notifications: Desk) -> None:
    notifications.hear(notifications.visit(notifications.patient(), start_at=NOW + timedelta(minutes=5)))
    notifications.clock.instant = NOW + timedelta(minutes=5)
    notifications.send()
    assert notifications.texts() == [("booked", "skipped", "too-late")]


def test_a_visit_that_was_never_told_needs_no_cancellation(notifications: Desk) -> None:
    visit = notifications.visit(notifications.patient("+12025550100", consented=None))
    notifications.hear(visit)
    notifications.send()
    notifications.hear(replace(visit, version=2, status="cancelled"))
    notifications.send()
    assert notifications.texts() == [("booked", "skipped", "no-consent")]


def test_a_bad_number_is_refused_with_a_task_and_keeps_nobody_else_from_being_texted(notifications: Desk) -> None:
    for number in (REFUSED_NUMBER, "+12025550101", "+12025550102"):
        notifications.hear(notifications.visit(notifications.patient(number)))
    notifications.send()
    assert sorted(notifications.texts()) == [
        ("booked", "accepted", None),
        ("booked", "accepted", None),
        ("booked", "refused", "invalid-number"),
    ]
    assert notifications.tasks() == ["text-refused"]


def test_a_carrier_that_never_answers_makes_the_text_unknown_and_it_is_not_sent_again(notifications: Desk) -> None:
    """Seen red by: an exception of the gateway leaves the text due."""
    gateway = SilentGateway()
    notifications.hear(notifications.visit(notifications.patient()))
    for _ in range(3):
        notifications.send(gateway)
    assert len(gateway.taken) == 1
    assert notifications.texts() == [("booked", "unknown", "no-answer")]
    assert notifications.tasks() == ["text-unknown"]
    assert notifications.events() == [("text-failed", 1)]


class SlowGateway(SilentGateway):
    """Lets so much time pass that the claim is given up as lost, and then accepts."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def send(self, outgoing: Sequence[Outgoing]) -> list[Answer]:
        self.taken += outgoing
        self._desk.real_time.instant += timedelta(seconds=61)
        assert self._desk.send(self) == 0  # another worker's run meanwhile
        assert self._desk.texts() == [("booked", "unknown", "claim-lost")]
        return [Answer(status="accepted", sid="S1")]


def test_an_answer_that_comes_after_the_claim_was_given_up_is_the_truth_and_ends_the_task(
    notifications: Desk,
) -> None:
    gateway = SlowGateway(notifications)
    notifications.hear(notifications.visit(notifications.patient()))
    assert notifications.send(gateway) == 1
    assert len(gateway.taken) == 1
    assert (notifications.texts(), notifications.tasks()) == ([("booked", "accepted", None)], [])
    assert notifications.events() == [("text-failed", 1), ("text-sent", 2)]


def test_a_worker_that_stood_still_after_its_claim_does_not_send_and_the_text_is_claimed_anew(
    notifications: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red by: no look at the claim's age before the carrier is asked."""
    stood: list[str] = []

    def stand_still(place: str) -> None:
        if place == "text.after-claim" and not stood:
            stood.append(place)
            notifications.real_time.instant += timedelta(seconds=41)

    monkeypatch.setattr("services.notifications.operations.hand_over.failpoint", stand_still)
    notifications.hear(notifications.visit(notifications.patient()))
    notifications.send()
    assert notifications.bodies() == []
    assert notifications.texts() == [("booked", "due", None)]
    notifications.real_time.instant += timedelta(seconds=10)
    notifications.send()
    assert (notifications.texts(), len(notifications.bodies())) == ([("booked", "accepted", None)], 1)


def test_a_text_of_a_site_that_is_not_known_yet_waits(notifications: Desk) -> None:
    visit = notifications.visit(notifications.patient(), site_id=new_id())
    notifications.hear(visit)
    notifications.send()
    assert notifications.texts() == [("booked", "due", None)]
