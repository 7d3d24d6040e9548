"""STOP, START, CANCEL and everything else."""

from collections.abc import Callable
from typing import Any

import pytest
from fix_notifications import SENDER, Desk, patient_with

from services.notifications import queries
from services.notifications.domain.commands import ReceiveReply
from services.notifications.domain.errors import NotOurNumber, SenderTaken
from services.notifications.operations import receive_reply
from shared.errors import NotFound

NUMBER = "+12025550100"


@pytest.mark.requirement("8b")
@pytest.mark.requirement("8c")
@pytest.mark.parametrize("body", ["STOP", " stop. Thank you", "ARRET", "UNSUBSCRIBE", "REVOKE"])
def test_stop_opts_the_number_out_and_cancels_what_was_due_to_it(notifications: Desk, body: str) -> None:
    """Seen red by: `_skip_queued` left out."""
    for _ in range(2):  # two patients share the number
        notifications.hear(notifications.visit(notifications.patient(NUMBER)))
    notifications.hear(notifications.visit(notifications.patient("+12025550177")))
    first, second = notifications.reply(body), notifications.reply(body)
    assert (first.opted_out, second.opted_out) == (True, True)
    assert sorted(notifications.texts(), key=str) == [
        ("booked", "due", None),
        ("booked", "skipped", "opted-out"),
        ("booked", "skipped", "opted-out"),
    ]
    assert [told for told in notifications.events() if told[0] == "patient-opted-out"] == [("patient-opted-out", 1)]
    assert [told for told in notifications.events() if told[0] == "text-skipped"] == [("text-skipped", 1)] * 2


@pytest.mark.requirement("8f")
def test_what_becomes_due_after_stop_is_refused_before_the_carrier_is_asked(notifications: Desk) -> None:
    """Seen red by: the opt-out is not looked at in claim_texts."""
    patient_id = notifications.patient(NUMBER)
    notifications.reply("STOP")
    notifications.hear(notifications.visit(patient_id))
    notifications.hear(patient_with(NUMBER, True, 2, patient_id))
    assert notifications.send() == 0
    assert notifications.texts() == [("booked", "skipped", "opted-out")]
    assert notifications.bodies() == []


@pytest.mark.requirement("8g")
def test_start_takes_the_opt_out_back_and_a_repeated_start_does_not_undo_a_later_stop(notifications: Desk) -> None:
    """Seen red by: `keep_reply` always says that the reply is new."""
    patient_id = notifications.patient(NUMBER)
    notifications.reply("STOP", message_id="m1")
    assert not notifications.reply("START", message_id="m2").opted_out
    notifications.reply("STOP", message_id="m3")
    again = notifications.reply("START", message_id="m2")
    assert (again.duplicate, again.opted_out) == (True, True)
    [row] = notifications.rows("SELECT opted_out, version, evidence FROM opt_outs")
    assert row == {"opted_out": True, "version": 3, "evidence": "m3"}
    notifications.reply("START", message_id="m4")
    notifications.hear(notifications.visit(patient_id))
    assert notifications.send() == 1


def test_start_of_a_number_that_never_stopped_changes_nothing(notifications: Desk) -> None:
    assert not notifications.reply("START").opted_out
    assert notifications.events() == []


@pytest.mark.requirement("9a")
@pytest.mark.requirement("9b")
@pytest.mark.requirement("9c")
def test_cancel_is_taken_as_an_opt_out_and_a_person_hears_of_the_wish(notifications: Desk) -> None:
    """The task names the visit. Seen red by: CANCEL taken for a STOP alone; the task opened without the message."""
    patient_id = notifications.patient(NUMBER)
    visit = notifications.visit(patient_id)
    notifications.hear(visit)
    notifications.send()
    assert notifications.reply("Cancel").opted_out
    [task] = notifications.rows("SELECT reason, site_id, patient_id, appointment_id FROM tasks")
    assert (task["reason"], task["site_id"]) == ("reply-cancel", notifications.site_id)
    assert (task["patient_id"], task["appointment_id"]) == (patient_id, visit.appointment_id)


def test_what_was_said_beside_a_stop_is_for_a_person(notifications: Desk) -> None:
    assert notifications.reply("Stop. I moved to Texas").opted_out
    assert notifications.tasks() == ["reply"]


def test_any_other_reply_is_a_task_without_a_patients_data(notifications: Desk) -> None:
    answer = notifications.reply("Can I bring my dog?", "+12025550155", message_id="m9")
    assert (answer.meaning, answer.opted_out) == ("other", False)
    [task] = notifications.rows("SELECT * FROM tasks")
    assert task["reason"] == "reply"
    assert task["message_id"] == "m9"
    assert "dog" not in str(task)
    assert "5550155" not in str(task)
    assert (task["site_id"], task["patient_id"]) == (None, None)


def test_a_reply_told_twice_makes_one_task(notifications: Desk) -> None:
    for _ in range(2):
        notifications.reply("?", message_id="m1")
    assert notifications.tasks() == ["reply"]


def test_a_reply_to_another_networks_number_finds_nothing(notifications: Desk) -> None:
    command = ReceiveReply(from_number=NUMBER, to_number="+12025550998", body="STOP", message_id="m1")
    with pytest.raises(NotOurNumber):
        receive_reply(command, notifications.units.for_network(notifications.network_id), notifications.clock)
    assert notifications.rows("SELECT * FROM opt_outs") == []


def test_two_networks_cannot_text_from_one_number_and_do_not_see_each_other(
    notifications: Desk, database: Callable[[str], Any]
) -> None:
    other = Desk(notifications.units, notifications.worker_units, notifications.admin_url, notifications.clock)
    with pytest.raises(SenderTaken):
        other.open("South", SENDER)
    other.open("South", "+12025550888")
    notifications.reply("STOP")
    with other.units.for_network(other.network_id) as uow:
        assert uow.opt_outs.of(NUMBER) is None
        found = queries.network_of_sender({"number": SENDER}, uow)
        assert found == {"network_id": notifications.network_id}
        with pytest.raises(NotFound):
            queries.network_of_sender({"number": "+12025550000"}, uow)


def test_an_event_of_an_opt_out_bears_no_number_that_can_be_read(notifications: Desk) -> None:
    notifications.reply("STOP")
    [row] = notifications.rows("SELECT * FROM outbox")
    assert "2025550100" not in str(row)
