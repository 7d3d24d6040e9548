"""What a carrier says of a number for good: it is flagged, somebody calls, and no text goes there until it answers."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fix_asked_carrier import gateway_at, once
from fix_carrier import Carrier
from fix_notifications import TOMORROW, Desk

from services.notifications.operations import FreeTextRun
from services.notifications.operations.gateway import Answer
from tests.conversing import begun, write
from tests.integration.notifications.test_numbers import HERS, HOME, report, told, with_two_numbers
from tests.integration.notifications.test_receipts import receipt

FOR_GOOD = [
    ("21211", "number-invalid"),
    ("30005", "number-invalid"),
    ("21614", "number-not-for-texts"),
    ("30006", "number-not-for-texts"),
]


class Refuses:
    """A carrier that knows the number for a landline."""

    name = "refuses"
    at_once = 1
    per_second = None

    def send(self, outgoing: Any) -> list[Answer]:
        return [Answer(status="refused", reason="not-a-mobile-number")] * len(outgoing)


def failed_text(desk: Desk, patient_id: UUID, code: str) -> str:
    """A visit whose text went out, and the carrier's word on it; gives what became of the text."""
    visit = desk.visit(patient_id)
    desk.hear(visit)
    assert desk.send() == 1
    [text] = desk.rows("SELECT text_id FROM texts WHERE appointment_id = %s", visit.appointment_id)
    return receipt(desk, "undelivered", code, text["text_id"])


@pytest.mark.requirement("27c")
@pytest.mark.parametrize(("code", "reason"), FOR_GOOD)
def test_a_failure_for_good_flags_the_number_and_somebody_calls(notifications: Desk, code: str, reason: str) -> None:
    """Whoever has the number. Seen red by: nothing kept of the carrier's word."""
    patient, sister = (notifications.patient(HERS) for _ in range(2))
    assert failed_text(notifications, patient, code) == "failed"
    assert notifications.tasks() == ["text-failed"]
    for who in (patient, sister):
        [number] = told(notifications, who)
        assert (number["failure"], number["why_not"], number["texted"]) == (reason, reason, False)
        notifications.hear(notifications.visit(who, start_at=TOMORROW + timedelta(hours=2)))
    assert notifications.send() == 0
    assert sorted(notifications.tasks()) == sorted([reason, reason, "text-failed"])


@pytest.mark.requirement("27c")
def test_a_carrier_that_refuses_for_good_says_so_of_the_number_too(notifications: Desk, carrier: Carrier) -> None:
    """Seen red by: nothing kept of the carrier's word."""
    carrier.behave = once("bad-number")
    notifications.hear(notifications.visit(notifications.patient(HERS)))
    notifications.send(gateway_at(carrier.url))
    assert notifications.texts() == [("booked", "refused", "invalid-number")]
    assert notifications.rows("SELECT number, reason FROM number_failures") == [
        {"number": HERS, "reason": "number-invalid"}
    ]


@pytest.mark.parametrize("code", ["30003", "30007", "30008", "21408", ""])
def test_what_may_be_another_time_flags_no_number(notifications: Desk, code: str) -> None:
    """Seen red by: every failure taken for one for good."""
    failed_text(notifications, notifications.patient(HERS), code)
    assert notifications.rows("SELECT * FROM number_failures") == []


def test_another_number_with_consent_takes_the_place_of_one_that_no_text_reaches(notifications: Desk) -> None:
    """Seen red by: a number that takes texts whatever the carrier says."""
    patient = with_two_numbers()
    notifications.hear(patient)
    failed_text(notifications, patient.patient_id, "30005")
    notifications.hear(notifications.visit(patient.patient_id, start_at=TOMORROW + timedelta(hours=2)))
    assert notifications.send() == 1
    assert [row["number"] for row in notifications.rows("SELECT number FROM texts ORDER BY claimed_at")] == [HERS, HOME]


@pytest.mark.parametrize("how", ["a reply", "a person"])
def test_a_number_that_answers_or_that_is_said_to_be_right_is_texted_again(notifications: Desk, how: str) -> None:
    """Seen red by: a flag for ever."""
    patient_id = notifications.patient(HERS)
    failed_text(notifications, patient_id, "30005")
    if how == "a reply":
        notifications.reply("I have a new phone", HERS)
    else:
        assert not report(notifications, patient_id, wrong=False).wrong
    [number] = told(notifications, patient_id)
    assert (number["failure"], number["failed_at"], number["texted"]) == (None, None, True)
    notifications.hear(notifications.visit(patient_id, start_at=TOMORROW + timedelta(hours=2)))
    assert notifications.send() == 1


def test_a_late_word_of_the_carrier_says_nothing_of_a_number_that_has_answered_since(notifications: Desk) -> None:
    """Seen red by: a flag set whatever came from the number."""
    notifications.hear(notifications.visit(notifications.patient(HERS)))
    notifications.send()
    notifications.clock.instant += timedelta(minutes=1)
    notifications.reply("who is this?", HERS)
    [text] = notifications.rows("SELECT text_id FROM texts")
    assert receipt(notifications, "undelivered", "30005", text["text_id"]) == "failed"
    assert notifications.rows("SELECT * FROM number_failures") == []


@pytest.mark.parametrize("first", ["30005", ""])
def test_a_text_that_arrived_says_that_the_number_takes_texts_in_whatever_order_it_is_told(
    notifications: Desk, first: str
) -> None:
    """Seen red by: a flag that only a reply or a person takes away."""
    notifications.hear(notifications.visit(notifications.patient(HERS)))
    notifications.send()
    [text] = notifications.rows("SELECT text_id FROM texts")
    told_of = [("undelivered", "30005"), ("delivered", "")]
    for status, code in told_of if first else reversed(told_of):
        receipt(notifications, status, code, text["text_id"])
    assert notifications.texts() == [("booked", "delivered", None)]
    assert notifications.rows("SELECT * FROM number_failures") == []


def test_who_says_that_a_number_is_right_is_not_overruled_by_what_went_there_before(notifications: Desk) -> None:
    """Seen red by: replies alone that count; the second word for nothing."""
    patient_id = notifications.patient(HERS)
    report(notifications, patient_id, wrong=False)
    notifications.clock.instant += timedelta(minutes=1)
    for hours in (0, 2):
        notifications.hear(notifications.visit(patient_id, start_at=TOMORROW + timedelta(hours=hours)))
    assert notifications.send() == 2
    first, second = notifications.rows("SELECT text_id FROM texts")
    receipt(notifications, "undelivered", "30005", first["text_id"])
    notifications.clock.instant += timedelta(minutes=1)
    report(notifications, patient_id, wrong=False)
    receipt(notifications, "undelivered", "30005", second["text_id"])
    assert notifications.rows("SELECT * FROM number_failures") == []


def test_what_a_person_wrote_flags_the_number_too(notifications: Desk) -> None:
    """Seen red by: texts about visits alone."""
    patient = notifications.patient(HERS, purposes=("care",))
    write(notifications, begun(notifications, patient), patient)
    desk = notifications
    FreeTextRun(desk.worker_units, Refuses(), desk.clock, desk.real_time, lambda *_: None).send(desk.network_id)
    assert notifications.rows("SELECT reason FROM number_failures") == [{"reason": "number-not-for-texts"}]
