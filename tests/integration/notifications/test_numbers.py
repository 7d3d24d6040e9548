"""Patients' numbers on a real database: what no text can reach, whose they are not, who else has them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fix_notifications import TOMORROW, Desk

from services.notifications.domain.commands import ReportWrongNumber
from services.notifications.domain.errors import NumberNotOfPatient
from services.notifications.domain.wrong_numbers import WrongNumber
from services.notifications.operations import report_wrong_number
from services.notifications.queries import texting
from shared.errors import NotFound
from shared.events.records import Consent, PatientUpdated, Phone
from shared.ids import new_id

HERS, HOME = "+12025550100", "+12025550199"


def report(desk: Desk, patient_id: UUID, number: str = HERS, *, wrong: bool = True) -> WrongNumber:
    command = ReportWrongNumber(patient_id=patient_id, number=number, wrong=wrong, evidence="somebody else answered")
    return report_wrong_number(command, desk.units.for_network(desk.network_id, action="test"), desk.clock)


def told(desk: Desk, patient_id: UUID) -> list[dict[str, Any]]:
    with desk.units.for_network(desk.network_id) as uow:
        return list(texting({"patient_id": patient_id}, uow)["numbers"])


def with_two_numbers() -> PatientUpdated:
    return PatientUpdated(
        patient_id=new_id(),
        version=1,
        given="Quillon",
        family="Zephyrine",
        birth_on=None,
        phones=(Phone(number=HERS, use="mobile"), Phone(number=HOME, use="home")),
        consents=tuple(
            Consent(number=it, purpose="reminders", given=True, at=TOMORROW, evidence="asked") for it in (HERS, HOME)
        ),
        coverages=(),
    )


@pytest.mark.parametrize(
    ("number", "reason"), [("+442079460000", "number-not-for-texts"), ("+15555550123", "number-invalid")]
)
def test_what_no_text_can_reach_is_not_texted_and_a_task_says_why(
    notifications: Desk, number: str, reason: str
) -> None:
    """Seen red by: a reason that is not among those for a task; `type_of` not asked."""
    patient_id = notifications.patient(number)
    notifications.hear(notifications.visit(patient_id))
    assert notifications.send() == 0
    assert notifications.texts() == [("booked", "skipped", reason)]
    assert notifications.tasks() == [reason]
    assert [(it["why_not"], it["texted"]) for it in told(notifications, patient_id)] == [(reason, False)]


def test_a_wrong_number_ends_what_is_due_there_for_that_patient_and_no_other(notifications: Desk) -> None:
    """Seen red by: `_skip_queued` left out; a report kept by number alone."""
    mother, child = (notifications.patient(HERS) for _ in range(2))
    for patient_id in (mother, child):
        notifications.hear(notifications.visit(patient_id))
    first = report(notifications, mother)
    assert report(notifications, mother) == first
    assert sorted(notifications.texts(), key=str) == [("booked", "due", None), ("booked", "skipped", "wrong-number")]
    assert notifications.tasks() == ["wrong-number"] * 2  # one to ask for a number, one about the text
    notifications.hear(notifications.visit(mother, start_at=TOMORROW + timedelta(hours=2)))
    assert notifications.send() == 1
    assert [text[1:] for text in notifications.texts()].count(("skipped", "wrong-number")) == 2
    [hers], [childs] = told(notifications, mother), told(notifications, child)
    assert (hers["wrong"], hers["why_not"], hers["shared_with"]) == (True, "wrong-number", 1)
    assert (childs["wrong"], childs["texted"], childs["shared_with"]) == (False, True, 1)


def test_a_report_that_is_taken_back_lets_texts_go_there_again(notifications: Desk) -> None:
    """Seen red by: `wrong` of the command not kept; `wrong_since` of what is wrong no more."""
    patient_id = notifications.patient(HERS)
    report(notifications, patient_id)
    assert told(notifications, patient_id)[0]["wrong_since"] is not None
    assert not report(notifications, patient_id, wrong=False).wrong
    assert told(notifications, patient_id)[0]["wrong_since"] is None
    notifications.hear(notifications.visit(patient_id))
    assert notifications.send() == 1


def test_another_number_with_consent_takes_the_wrong_ones_place(notifications: Desk) -> None:
    """Seen red by: what is due skipped whatever other number there is."""
    patient = with_two_numbers()
    notifications.hear(patient)
    notifications.hear(notifications.visit(patient.patient_id))
    report(notifications, patient.patient_id)
    assert notifications.send() == 1
    assert [row["number"] for row in notifications.rows("SELECT number FROM texts")] == [HOME]
    assert [it["texted"] for it in told(notifications, patient.patient_id)] == [False, True]


def test_a_number_that_is_not_hers_and_a_patient_who_was_not_asked_about_are_refused(notifications: Desk) -> None:
    """Seen red by: a report about any number taken; the asker's sites not looked at."""
    patient_id = notifications.patient(HERS)
    with pytest.raises(NumberNotOfPatient):
        report(notifications, patient_id, HOME)
    elsewhere = new_id()
    command = ReportWrongNumber(patient_id=patient_id, number=HERS, wrong=True, evidence="said so")
    with pytest.raises(NotFound):
        report_wrong_number(command, notifications.at(elsewhere, patients_seen=False), notifications.clock)
    with notifications.at(elsewhere, patients_seen=False) as uow, pytest.raises(NotFound):
        texting({"patient_id": patient_id}, uow)
