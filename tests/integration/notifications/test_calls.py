"""The call list: one open call for each cause, by when, whose, what came of it; and gone with its cause."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from at_once import first_has_it
from fix_notifications import NOW, TOMORROW, Desk, patient_with
from fix_notifications import told as event_of

from services.notifications import queries
from services.notifications.domain.commands import CloseTask, ReportWrongNumber, TakeTask
from services.notifications.domain.errors import TaskTaken
from services.notifications.domain.tasks import task_about
from services.notifications.operations import close_task, end_tasks, report_wrong_number, take_task
from shared.errors import NotFound
from shared.ids import new_id
from tests.integration.notifications.test_whose_reply import texted


def calls(desk: Desk, *sites: UUID, state: str = "open", site_id: UUID | None = None, **more: Any) -> list[Any]:
    with desk.at(*sites) as uow:
        question = {"site_id": site_id or desk.site_id, "state": state, **more}
        found: list[Any] = queries.calls(question, uow)["items"]
        return found


def call(desk: Desk, task_id: UUID, *sites: UUID) -> Any:
    with desk.at(*sites) as uow:
        return queries.call({"task_id": task_id}, uow)


def untold(desk: Desk, **more: Any) -> Any:
    """A visit of which its patient, who agreed to nothing, was not told."""
    visit = desk.visit(desk.patient(consented=None), **more)
    desk.hear(visit)
    desk.send()
    return visit


def say(desk: Desk, outcome: str | None, note: str | None = None) -> Any:
    [listed] = calls(desk)
    command = CloseTask(task_id=listed["task_id"], outcome=outcome, note=note)
    return close_task(command, desk.at(desk.site_id), desk.clock)


def test_a_site_sees_its_calls_with_reason_and_due_time_and_no_number(notifications: Desk) -> None:
    """Seen red by: tasks that are no calls listed; no require_site."""
    visit = untold(notifications)
    texted(notifications, number="+12025550142")
    notifications.reply("Can I bring my dog?", "+12025550142")
    assert sorted(notifications.tasks()) == ["no-consent", "reply"]
    [listed] = calls(notifications, notifications.site_id)
    assert (listed["reason"], listed["due_by"]) == ("no-consent", NOW + timedelta(hours=6))
    assert (listed["appointment_id"], listed["start_at"], listed["kind"]) == (visit.appointment_id, TOMORROW, "booked")
    assert "+1202" not in str(listed)
    for site_id in (notifications.site_id, new_id()):
        with pytest.raises(NotFound):
            calls(notifications, new_id(), site_id=site_id)


def test_calls_come_in_pages_the_first_due_first_and_backwards(notifications: Desk) -> None:
    starts = [TOMORROW - timedelta(hours=hours) for hours in (6, 12, 0)]
    for start_at in starts:
        untold(notifications, start_at=start_at)
    ways = {"due_at": sorted(starts), "-due_at": sorted(starts, reverse=True)}
    for sort, wanted in ways.items():
        cursor, found = None, []
        while True:
            with notifications.at() as uow:
                question = {"site_id": notifications.site_id, "state": "open", "sort": sort, "limit": 1}
                page = queries.calls({**question, "cursor": cursor}, uow)
            found += [it["start_at"] for it in page["items"]]
            if not (cursor := page["next"]):
                break
        assert found == wanted


def test_a_call_shows_its_numbers_and_what_came_of_it_and_the_look_is_known(notifications: Desk) -> None:
    """Seen red by: another site's asker let in."""
    untold(notifications)
    say(notifications, "no-answer", "rings on")
    notifications.clock.instant += timedelta(hours=1)
    [listed] = calls(notifications)
    assert (listed["tries"], listed["outcome"], listed["due_by"]) == (1, "no-answer", NOW + timedelta(hours=2))
    assert "rings on" not in str(listed)
    say(notifications, "reached", "comes by bus")
    assert calls(notifications) == []
    [done] = calls(notifications, state="done")
    with pytest.raises(NotFound):
        call(notifications, done["task_id"], new_id())
    found = call(notifications, done["task_id"], notifications.site_id)
    assert [it["number"] for it in found["numbers"]] == ["+12025550100"]
    assert [(it["outcome"], it["note"], it["said_by"]) for it in found["outcomes"]] == [
        ("no-answer", "rings on", "ann"),
        ("reached", "comes by bus", "ann"),
    ]
    kept = str(notifications.rows("SELECT detail FROM audit_entries"))
    assert "rings" not in kept + str(notifications.rows("SELECT data, headers FROM outbox"))


def test_of_two_who_take_a_call_at_once_one_has_it_and_the_other_is_told_who(notifications: Desk) -> None:
    """The second comes before the first has committed. Seen red by: the task read without its lock."""
    untold(notifications)
    [listed] = calls(notifications)
    first_has_it(notifications, take_task, TakeTask(task_id=listed["task_id"]), TaskTaken)
    assert [it["taken_by"] for it in calls(notifications)] == ["ann"]


@pytest.mark.parametrize(
    "news",
    [
        {"status": "cancelled"},
        {"status": "arrived"},
        {"start_at": TOMORROW + timedelta(hours=2)},
    ],
)
def test_a_call_about_a_visit_ends_when_the_visit_is_another(notifications: Desk, news: dict[str, Any]) -> None:
    """Seen red by: `end_of` left out of follow_appointments."""
    visit = untold(notifications)
    [first] = calls(notifications)
    notifications.hear(replace(visit, version=2, **news))
    notifications.send()
    assert first["task_id"] not in {it["task_id"] for it in calls(notifications)}
    [ended] = calls(notifications, state="done")
    assert (ended["task_id"], ended["outcome"]) == (first["task_id"], None)
    # Moved, she does not know of the new time either: that is a call of its own.
    assert [it["start_at"] for it in calls(notifications)] == ([news["start_at"]] if "start_at" in news else [])


def test_who_could_not_be_told_of_a_cancellation_is_called_until_it_is_undone(notifications: Desk) -> None:
    """Seen red by: every task of a visit that is off ended."""
    visit = notifications.visit(notifications.patient())
    notifications.hear(visit)
    notifications.send()
    notifications.hear(patient_with(None, version=2, patient_id=visit.patient_id))
    notifications.hear(replace(visit, version=2, status="cancelled"))
    notifications.send()
    assert [(it["reason"], it["kind"]) for it in calls(notifications)] == [("no-phone", "cancelled")]
    notifications.hear(replace(visit, version=3))
    assert calls(notifications) == []


def test_an_event_that_comes_twice_or_late_ends_nothing(notifications: Desk) -> None:
    visit = notifications.visit(notifications.patient(consented=None), version=2)
    late = event_of(replace(visit, version=1, status="cancelled"), notifications.network_id)
    notifications.hear(visit)
    notifications.send()
    notifications.hear(visit)
    notifications.hear(late)
    assert len(calls(notifications)) == 1


def test_whoever_is_reached_by_a_later_text_is_not_called(notifications: Desk) -> None:
    """Seen red by: the texts of the visit not looked at."""
    visit = untold(notifications)
    texts = "INSERT INTO texts (network_id, text_id, appointment_id, patient_id, site_id, kind, start_at, status"
    of_text = (notifications.network_id, new_id(), visit.appointment_id, visit.patient_id, visit.site_id)
    values = "VALUES (%s, %s, %s, %s, %s, 'booked', %s, 'accepted', %s, %s, %s)"
    notifications.rows(f"{texts}, due_at, attempt_id, claimed_at) {values}", *of_text, TOMORROW, NOW, new_id(), NOW)
    assert len(calls(notifications)) == 1
    end_tasks(notifications.worker_units.for_network(notifications.network_id), notifications.clock)
    assert calls(notifications) == []


def test_one_cause_is_one_call_however_many_texts_it_stops(notifications: Desk) -> None:
    """A reminder that cannot be sent either. Seen red by: a task for each text."""
    untold(notifications)
    [listed] = calls(notifications)
    with notifications.units.for_network(notifications.network_id) as uow:
        text = uow.texts.of(listed["text_id"])
        assert text is not None
        reminder = replace(text, text_id=new_id(), kind="reminder")
        for reason in ("no-consent", "text-failed"):
            uow.tasks.open(task_about(reminder, reason, notifications.clock.now()))
        uow.commit()
    assert sorted(notifications.tasks()) == ["no-consent", "text-failed"]


def test_the_call_for_a_number_ends_when_none_is_wrong_any_more(notifications: Desk) -> None:
    """Seen red by: `end-tasks` without it."""
    patient_id = notifications.patient()
    for wrong in (True, False):
        command = ReportWrongNumber(patient_id=patient_id, number="+12025550100", wrong=wrong, evidence="said so")
        report_wrong_number(command, notifications.at(), notifications.clock)
        end_tasks(notifications.worker_units.for_network(notifications.network_id), notifications.clock)
        assert notifications.tasks() == (["wrong-number"] if wrong else [])


def test_a_patient_of_whom_no_site_knows_is_told_of_to_nobody_of_some_sites(notifications: Desk) -> None:
    """Neither her numbers nor what was said on the telephone. Seen red by: `call` without its look at the sites."""
    patient_id = notifications.patient()
    command = ReportWrongNumber(patient_id=patient_id, number="+12025550100", wrong=True, evidence="said so")
    report_wrong_number(command, notifications.at(), notifications.clock)
    [listed] = calls(notifications, notifications.site_id)
    assert (listed["reason"], listed["site_id"]) == ("wrong-number", None)
    say(notifications, "no-answer", "rings on")
    hidden = call(notifications, listed["task_id"], notifications.site_id)
    assert (hidden["numbers"], hidden["outcomes"]) == ([], [])
    shown = call(notifications, listed["task_id"])
    assert [it["number"] for it in shown["numbers"]] == ["+12025550100"]
    assert [it["note"] for it in shown["outcomes"]] == ["rings on"]


def test_what_was_heard_on_the_telephone_is_kept_also_where_the_call_has_ended_meanwhile(notifications: Desk) -> None:
    """Seen red by: nothing kept of a call that is done."""
    visit = untold(notifications)
    [listed] = calls(notifications)
    notifications.hear(replace(visit, version=2, status="cancelled", cancelled_at=NOW))
    assert calls(notifications) == []
    command = CloseTask(task_id=listed["task_id"], outcome="reached", note="comes in spring")
    close_task(command, notifications.at(notifications.site_id), notifications.clock)
    assert [it["note"] for it in call(notifications, listed["task_id"])["outcomes"]] == ["comes in spring"]


def test_a_strangers_number_is_told_to_nobody_of_some_sites(notifications: Desk) -> None:
    """It may be another site's patient. Seen red by: the number told to whoever sees the call."""
    notifications.reply("YES", "+12025550142")
    [listed] = calls(notifications, notifications.site_id)
    assert (listed["reason"], listed["site_id"]) == ("reply-unmatched", None)
    assert call(notifications, listed["task_id"], notifications.site_id)["numbers"] == []
    assert [it["number"] for it in call(notifications, listed["task_id"])["numbers"]] == ["+12025550142"]
