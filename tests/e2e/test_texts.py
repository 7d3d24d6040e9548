"""Whom texts reach, and what dies before it is sent: STOP, consent, visits that move or end."""

import pytest
from fix_desk import QUARTER

_HER_COPIES = """
    SELECT (SELECT jsonb_agg(p) FROM patients p WHERE patient_id = %(id)s)::text AS patients,
           (SELECT jsonb_agg(n) FROM patient_numbers n WHERE patient_id = %(id)s)::text AS numbers
"""
# In one statement: between two the sender would meet a patient who has no number.
_COPIES_BACK = """
    WITH her AS (INSERT INTO patients SELECT * FROM jsonb_populate_recordset(NULL::patients, %(patients)s::jsonb))
    INSERT INTO patient_numbers SELECT * FROM jsonb_populate_recordset(NULL::patient_numbers, %(numbers)s::jsonb)
"""


@pytest.fixture
def sender(desk):
    """`notifications-work` stands still in the block, so that texts stay due; it runs again at the end."""

    class Sender:
        def stop(self):
            desk.system.stop("notifications-work")

        def start(self):
            desk.system.start("notifications-work")
            desk.settle()

    yield Sender()
    if desk.system.pid("notifications-work") is None:
        desk.system.start("notifications-work")


def _clock(diary, place):
    return f"{diary.opens_at + QUARTER * place:%-I:%M %p}"


def _due(desk, appointment):
    return [text for text in desk.texts(appointment) if text[1] == "due"]


@pytest.mark.requirement("8b")
@pytest.mark.requirement("8c")
def test_stop_also_twice_cancels_what_is_due_and_is_in_force_at_once(desk, sender):
    """The STOP comes between the booking and the sending. Seen red by: `_skip_queued` left out."""
    person, diary = desk.newcomer(), desk.diary()
    sender.stop()
    booked = desk.book(diary, 0, person)
    desk.wait_until(lambda: _due(desk, booked))
    assert [desk.reply(person["phone"], "STOP") for _ in range(2)] == [200, 200]
    assert desk.texts(booked) == [("booked", "skipped", "opted-out")]
    sender.start()
    assert desk.texts(booked) == [("booked", "skipped", "opted-out")]
    assert desk.sent_to(person["phone"]) == []
    told = desk.rows(
        "notifications", "SELECT opted_out FROM opt_outs WHERE number = %(number)s", number=person["phone"]
    )
    assert told == [{"opted_out": True}]


@pytest.mark.requirement("8f")
def test_a_later_text_is_refused_inside_notifications_and_the_carrier_is_not_asked(desk):
    """Seen red by: opt-outs not read when a text is claimed."""
    person, diary = desk.newcomer(), desk.diary()
    booked = desk.book(diary, 0, person)
    desk.wait_until(lambda: desk.texts(booked) == [("booked", "accepted", None)])
    assert desk.reply(person["phone"], "stop") == 200
    desk.act(booked, "move", {"start_at": diary.start(1)})
    desk.settle()
    assert desk.texts(booked) == [("booked", "accepted", None), ("rescheduled", "skipped", "opted-out")]
    assert len(desk.sent_to(person["phone"])) == 1


@pytest.mark.requirement("24a")
@pytest.mark.requirement("24c")
def test_without_a_recorded_consent_nothing_is_sent_and_a_task_says_why(desk):
    """Seen red by: only a consent that was refused taken for none; no task after a text that is skipped."""
    person = desk.newcomer()
    del person["texting_consent"]
    booked = desk.book(desk.diary(), 0, person)
    desk.settle()
    assert desk.texts(booked) == [("booked", "skipped", "no-consent")]
    assert desk.sent_to(person["phone"]) == []
    tasks = desk.session().all("/v1/tasks", site_id=booked["site_id"])
    assert "no-consent" in {task["reason"] for task in tasks if task.get("appointment_id") == booked["appointment_id"]}


@pytest.mark.requirement("24b")
def test_while_consent_cannot_be_looked_up_nothing_is_sent_and_it_goes_out_when_it_can(desk):
    """As if notifications had not heard of the patient yet: its copies of her are taken away and brought back.

    Seen red by: an unknown patient taken as one without numbers, in `ready-texts` and in claim_texts.
    """
    person, diary = desk.newcomer(), desk.diary()
    patient = desk.register(person)
    desk.settle()
    her = {"id": patient["patient_id"]}
    (known,) = desk.rows("notifications", _HER_COPIES, **her)
    desk.rows("notifications", "DELETE FROM patients WHERE patient_id = %(id)s", **her)
    booked = desk.session().post("/v1/appointments", diary.body(0, patient_id=patient["patient_id"]))
    desk.wait_until(lambda: _due(desk, booked))
    later = desk.book(diary, 1)
    desk.wait_until(lambda: desk.texts(later) == [("booked", "accepted", None)])  # the sender went past it
    assert _due(desk, booked)
    assert desk.sent_to(person["phone"]) == []
    desk.rows("notifications", _COPIES_BACK, **known)
    desk.settle()
    assert desk.texts(booked) == [("booked", "accepted", None)]


@pytest.mark.requirement("24d")
def test_a_withdrawn_consent_is_in_force_before_the_next_text(desk):
    """Seen red by: what was first known of a patient kept for ever (`keep-patients`: DO NOTHING)."""
    person, diary = desk.newcomer(), desk.diary()
    booked = desk.book(diary, 0, person)
    desk.wait_until(lambda: desk.texts(booked) == [("booked", "accepted", None)])
    no = {"number": person["phone"], "given": False, "evidence": "asked at the desk"}
    desk.session().post(f"/v1/patients/{booked['patient_id']}/consents", no)
    desk.settle()
    desk.act(booked, "cancel", {"reason": "patient called"})
    desk.settle()
    assert desk.texts(booked)[1:] == [("cancelled", "skipped", "no-consent")]
    assert len(desk.sent_to(person["phone"])) == 1


@pytest.mark.requirement("7d")
def test_a_text_that_waits_for_the_old_time_is_never_sent_once_the_visit_has_moved(desk, sender):
    """Seen red by: no `drop-due` in replace_due."""
    person, diary = desk.newcomer(), desk.diary()
    sender.stop()
    booked = desk.book(diary, 0, person)
    desk.wait_until(lambda: _due(desk, booked))
    desk.act(booked, "move", {"start_at": diary.start(8)})
    desk.wait_until(lambda: not [one for one in desk.checker.waiting() if "to take" in one or "to publish" in one])
    sender.start()
    (sent,) = desk.sent_to(person["phone"])
    assert f"at {_clock(diary, 8)}" in sent["body"]
    assert f"at {_clock(diary, 0)}" not in sent["body"]
    assert [status for _, status, _ in desk.texts(booked)].count("accepted") == 1


@pytest.mark.requirement("3e")
def test_no_text_goes_out_for_a_visit_that_was_cancelled_before_its_text_was_sent(desk, sender):
    """Seen red by: no `drop-due` in replace_due, and a claim that does not look at the visit."""
    person, diary = desk.newcomer(), desk.diary()
    sender.stop()
    booked = desk.book(diary, 0, person)
    desk.wait_until(lambda: _due(desk, booked))
    desk.act(booked, "cancel", {"reason": "patient called"})
    desk.wait_until(lambda: not [one for one in desk.checker.waiting() if "to take" in one or "to publish" in one])
    sender.start()
    assert desk.sent_to(person["phone"]) == []
    assert [status for _, status, _ in desk.texts(booked)] in ([], ["skipped"])


@pytest.mark.requirement("10a")
@pytest.mark.requirement("10c")
def test_a_yes_confirms_the_visit_that_was_texted_and_no_other_of_that_phone(desk):
    """Seen red by: `scheduling.on_reply` without its operation."""
    person, diary = desk.newcomer(), desk.diary()
    booked = desk.book(diary, 0, person)
    desk.wait_until(lambda: desk.texts(booked) == [("booked", "accepted", None)])
    assert desk.reply(person["phone"], "Yes, thank you!") == 200

    def shown(appointment):
        return desk.session().get(f"/v1/appointments/{appointment['appointment_id']}")

    desk.wait_until(lambda: shown(booked)["confirmed_by"] == "patient")
    child, sibling = (desk.book(diary, place, {**desk.newcomer(), "phone": person["phone"]}) for place in (1, 2))
    desk.wait_until(lambda: [it[1] for one in (child, sibling) for it in desk.texts(one)] == ["accepted"] * 2)
    assert desk.reply(person["phone"], "yes") == 200
    desk.settle()
    assert [shown(one)["confirmed_by"] for one in (child, sibling)] == [None, None]
    tasks = desk.session().all("/v1/tasks", site_id=booked["site_id"])
    assert "reply-unmatched" in {task["reason"] for task in tasks}
