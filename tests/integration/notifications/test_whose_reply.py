"""Which visit a reply is about: the one that was named in the message that it answers, or none."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fix_notifications import NOW, TOMORROW, Desk

from shared.events.scheduling import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentCondition,
    AppointmentRescheduled,
)
from shared.ids import new_id

NUMBER = "+12025550100"


def texted(desk: Desk, number: str = NUMBER, **more: Any) -> AppointmentBooked:
    """A visit of somebody with that number, who was texted about it."""
    visit = desk.visit(desk.patient(number), **more)
    desk.hear(visit)
    desk.clock.instant = desk.clock.now() + timedelta(minutes=1)
    assert desk.send() == 1
    return visit


def _told(desk: Desk) -> list[tuple[str, UUID]]:
    """(meaning, appointment) of each reply that was told."""
    rows = desk.rows("SELECT data FROM outbox WHERE type = 'reply-received' ORDER BY id")
    return [(row["data"]["meaning"], UUID(row["data"]["appointment_id"])) for row in rows]


@pytest.mark.requirement("10a")
@pytest.mark.parametrize("words", ["YES", "1", "sí, gracias", "oui", "👍"])
def test_a_yes_is_told_of_the_visit_that_the_message_named(notifications: Desk, words: str) -> None:
    """Seen red by: `_TOLD` without CONFIRM."""
    visit = texted(notifications)
    other = texted(notifications, "+12025550177")
    assert notifications.reply(words).meaning == "confirm"
    assert _told(notifications) == [("confirm", visit.appointment_id)]
    assert other.appointment_id != visit.appointment_id
    assert notifications.tasks() == []
    [row] = notifications.rows("SELECT data FROM outbox WHERE type = 'reply-received'")
    assert NUMBER not in str(row)


@pytest.mark.requirement("10b")
@pytest.mark.requirement("10c")
def test_with_three_visits_on_one_phone_a_yes_changes_none_and_a_person_is_asked(notifications: Desk) -> None:
    """Seen red by: the last message taken whatever else is open."""
    for _ in range(3):
        texted(notifications)
    notifications.reply("YES")
    notifications.reply("1")
    assert _told(notifications) == []
    assert notifications.tasks() == ["reply-unmatched"] * 2


@pytest.mark.requirement("10a")
@pytest.mark.requirement("10c")
def test_a_message_that_comes_back_with_the_reply_says_which_visit_it_is(notifications: Desk) -> None:
    """Seen red by: the quotation passed over."""
    visits = [texted(notifications, start_at=TOMORROW + timedelta(days=place)) for place in range(3)]
    notifications.reply(f"Liked “{notifications.bodies()[1]}”")
    notifications.reply("Liked “some other message that was never ours”")
    assert _told(notifications) == [("confirm", visits[1].appointment_id)]
    assert notifications.tasks() == ["reply-unmatched"]


@pytest.mark.requirement("10c")
def test_once_one_visit_is_confirmed_the_next_message_is_the_only_question(notifications: Desk) -> None:
    """A mother and her child. Seen red by: `confirmed` never looked at."""
    first = texted(notifications)
    notifications.reply("yes")
    second = texted(notifications)
    notifications.reply("yes")
    assert _told(notifications) == [("confirm", first.appointment_id), ("confirm", second.appointment_id)]


def _moved(visit: AppointmentCondition) -> AppointmentCondition:
    later = {"start_at": TOMORROW + timedelta(hours=2), "end_at": TOMORROW + timedelta(hours=3)}
    return AppointmentRescheduled(**{**vars(visit), **later, "version": 2, "previous_start_at": visit.start_at})


def _elsewhere(visit: AppointmentCondition) -> AppointmentCondition:
    """At the same hour, and the patient has not heard of it yet."""
    return AppointmentRescheduled(
        **{**vars(visit), "site_id": new_id(), "version": 2, "previous_start_at": visit.start_at}
    )


def _cancelled(visit: AppointmentCondition) -> AppointmentCondition:
    return AppointmentCancelled(**{**vars(visit), "version": 2, "status": "cancelled", "cancelled_at": NOW})


@pytest.mark.requirement("10a")
@pytest.mark.parametrize("change", [_moved, _elsewhere, _cancelled])
def test_a_yes_to_what_is_no_longer_so_confirms_nothing(notifications: Desk, change: Any) -> None:
    """Seen red by: `holds` always true; the site not compared."""
    visit = texted(notifications)
    notifications.hear(change(visit))
    notifications.reply("YES")
    assert _told(notifications) == []
    assert notifications.tasks() == ["reply-unmatched"]


def test_a_yes_after_a_cancellation_was_told_is_no_answer_to_an_older_message(notifications: Desk) -> None:
    """Seen red by: the newest message that asks taken, not the newest."""
    texted(notifications)
    visit = texted(notifications)
    notifications.hear(_cancelled(visit))
    notifications.clock.instant = notifications.clock.now() + timedelta(minutes=1)
    assert notifications.send() == 1
    notifications.reply("yes")
    assert _told(notifications) == []


def test_a_yes_to_a_visit_that_has_begun_is_for_a_person(notifications: Desk) -> None:
    texted(notifications)
    notifications.clock.instant = TOMORROW + timedelta(minutes=1)
    notifications.reply("yes")
    assert (_told(notifications), notifications.tasks()) == ([], ["reply-unmatched"])


@pytest.mark.parametrize(("words", "reason"), [("NO", "reply-decline"), ("can I reschedule?", "reply-reschedule")])
def test_a_no_and_another_time_are_calls_that_name_the_visit(notifications: Desk, words: str, reason: str) -> None:
    """Seen red by: the task opened without the message."""
    visit = texted(notifications)
    notifications.reply(words)
    [task] = notifications.rows("SELECT reason, site_id, appointment_id, patient_id FROM tasks")
    assert task == {
        "reason": reason,
        "site_id": notifications.site_id,
        "appointment_id": visit.appointment_id,
        "patient_id": visit.patient_id,
    }
    assert [meaning for meaning, _ in _told(notifications)] == [reason.removeprefix("reply-")]


def test_a_reply_told_twice_confirms_once(notifications: Desk) -> None:
    """Seen red by: `keep` always says that the reply is new."""
    texted(notifications)
    for _ in range(2):
        notifications.reply("YES", message_id="m1")
    assert len(_told(notifications)) == 1


@pytest.mark.requirement("10d")
def test_a_reply_of_an_unknown_number_is_a_task_that_names_nobody(notifications: Desk) -> None:
    """Seen red by: `answerable` of whatever number."""
    texted(notifications)
    answer = notifications.reply("YES", "+12025550142")
    assert vars(answer).keys() == {"message_id", "meaning", "opted_out", "duplicate"}
    [task] = notifications.rows("SELECT reason, site_id, patient_id, appointment_id, text_id FROM tasks")
    assert task == {
        "reason": "reply-unmatched", "site_id": None, "patient_id": None, "appointment_id": None, "text_id": None,
    }  # fmt: skip
    assert _told(notifications) == []


def test_a_yes_that_crosses_another_networks_text_finds_nothing(notifications: Desk) -> None:
    """The same phone in two networks. Row-level security, not our care, keeps them apart."""
    other = Desk(notifications.units, notifications.worker_units, notifications.admin_url, notifications.clock)
    other.open("South", "+12025550888")
    texted(other)
    notifications.reply("yes")
    assert _told(notifications) == []
