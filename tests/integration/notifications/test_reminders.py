"""Reminders: due at their own time, following the visit, sent once, by rules that may change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from fix_notifications import NOW, Desk, told

from services.notifications.domain.commands import SetReminderRules
from services.notifications.domain.reminders import ReminderRule, lead_of
from services.notifications.operations import follow_appointments, plan_reminders, set_reminder_rules
from services.notifications.operations.gateway import Answer, Outgoing
from shared.events.scheduling import AppointmentCondition
from shared.ids import new_id

# A fortnight ahead, at ten in the morning at the site; NOW is ten o'clock too.
START = NOW + timedelta(days=14)


class BusyCarrier:
    """Takes nothing now."""

    name = "busy"
    at_once = 50
    per_second = None

    def send(self, outgoing: Sequence[Outgoing]) -> list[Answer]:
        return [Answer(status="not-taken", reason="carrier-busy") for _ in outgoing]


def rule(desk: Desk, *before: str, version: int | None = None, **more: Any) -> None:
    rules = [ReminderRule(before=tuple(map(lead_of, before)), **more)]
    command = SetReminderRules(rules=rules, version=version)
    set_reminder_rules(command, desk.units.for_network(desk.network_id), desk.clock)


def plan(desk: Desk) -> int:
    """Carries the rules out; gives how many batches it took."""
    desk.clock.instant += timedelta(minutes=1)
    batches = 1
    while plan_reminders(desk.worker_units.for_network(desk.network_id), desk.clock):
        batches += 1
    return batches


def booked(desk: Desk, **more: Any) -> AppointmentCondition:
    """A visit in a fortnight, and the text that says so sent."""
    visit = desk.visit(desk.patient(), **{"start_at": START, **more})
    desk.hear(visit)
    desk.send()
    return visit


def send_at(desk: Desk, now: datetime) -> int:
    desk.clock.instant = now
    return desk.send()


def reminders(desk: Desk) -> list[tuple[str, str, str | None, datetime]]:
    rows = desk.rows("SELECT lead, status, reason, due_at FROM texts WHERE lead IS NOT NULL ORDER BY due_at, text_id")
    return [(row["lead"], row["status"], row["reason"], row["due_at"]) for row in rows]


def test_a_visit_is_reminded_of_two_days_before_at_its_own_hour_and_once(notifications: Desk) -> None:
    """Seen red by: `reminders_due` that nobody asks in follow_appointments."""
    visit = booked(notifications)
    assert reminders(notifications) == [("P2D", "due", None, START - timedelta(days=2))]
    assert send_at(notifications, START - timedelta(days=2, seconds=1)) == 0
    assert [send_at(notifications, START - timedelta(days=2)), notifications.send()] == [1, 0]
    notifications.hear(visit)
    assert notifications.send() == 0
    assert notifications.texts() == [("booked", "accepted", None), ("reminder", "accepted", None)]
    assert notifications.bodies()[1] == (
        "North Clinic: a reminder of your appointment on Mon, Dec 7, 2026 at 10:00 AM. Reply STOP to opt out."
    )


@pytest.mark.requirement("7d")
def test_when_a_visit_moves_its_old_reminder_is_dead_and_the_new_one_is_due(notifications: Desk) -> None:
    """Seen red by: no `drop-reminders`."""
    visit = booked(notifications)
    later = START + timedelta(days=1)
    notifications.hear(replace(visit, version=2, start_at=later, previous_start_at=START))
    assert reminders(notifications) == [("P2D", "due", None, later - timedelta(days=2))]
    assert send_at(notifications, START - timedelta(days=2)) == 1
    assert sorted(kind for kind, *_ in notifications.texts()) == ["booked", "reminder", "rescheduled"]
    assert reminders(notifications)[0][1] == "due"


@pytest.mark.parametrize("status", ["cancelled", "arrived", "fulfilled", "entered-in-error"])
def test_what_becomes_of_a_visit_ends_its_reminders(notifications: Desk, status: str) -> None:
    visit = booked(notifications)
    notifications.hear(replace(visit, version=2, status=status))
    assert reminders(notifications) == []


def test_a_confirmed_visit_is_only_reminded_of_on_the_day(notifications: Desk) -> None:
    rule(notifications, "P2D", "PT2H")
    visit = booked(notifications)
    notifications.hear(replace(visit, version=2, confirmed_at=NOW, confirmed_by="patient"))
    assert [lead for lead, *_ in reminders(notifications)] == ["PT2H"]


def test_a_yes_to_a_reminder_confirms_its_visit(notifications: Desk) -> None:
    visit = booked(notifications)
    send_at(notifications, START - timedelta(days=2))
    notifications.reply("YES")
    [fact] = notifications.rows("SELECT data FROM outbox WHERE type = 'reply-received'")
    assert fact["data"]["appointment_id"] == str(visit.appointment_id)
    assert notifications.tasks() == []


def test_a_missed_visit_is_texted_about_where_the_network_says_so(notifications: Desk) -> None:
    rule(notifications, after_miss=True)
    visit = booked(notifications)
    missed_at = START + timedelta(hours=1)
    notifications.clock.instant = missed_at
    missed = replace(visit, version=2, status="noshow", noshow_at=missed_at)
    notifications.hear(told(missed, notifications.network_id, missed_at))
    assert notifications.send() == 1
    assert notifications.texts() == [("booked", "accepted", None), ("missed", "accepted", None)]
    assert "we missed you on Mon, Dec 7, 2026" in notifications.bodies()[1]


def test_a_stop_is_asked_at_the_reminders_own_time(notifications: Desk) -> None:
    """A START before then brings it back. Seen red by: reminders skipped when the STOP comes."""
    booked(notifications)
    notifications.reply("STOP")
    notifications.reply("START")
    assert send_at(notifications, START - timedelta(days=2)) == 1
    booked(notifications, start_at=START + timedelta(days=7))
    notifications.reply("STOP")
    assert send_at(notifications, START + timedelta(days=5)) == 0
    assert reminders(notifications)[-1][:3] == ("P2D", "skipped", "opted-out")


HISTORIES: dict[str, list[dict[str, Any]]] = {
    "booked, moved, moved back": [{}, {"start_at": START + timedelta(days=3)}, {"start_at": START}],
    "booked, confirmed, cancelled, reinstated": [
        {},
        {"confirmed_at": NOW, "confirmed_by": "patient"},
        {"status": "cancelled"},
        {"status": "booked", "confirmed_at": None, "confirmed_by": None},
    ],
    "booked, moved to another site, confirmed": [{}, {"site_id": new_id()}, {"confirmed_at": NOW}],
    "booked, missed, expected again, missed": [{}, {"status": "noshow"}, {"status": "booked"}, {"status": "noshow"}],
    "proposed, booked, arrived, undone": [
        {"status": "proposed"},
        {"status": "booked"},
        {"status": "arrived"},
        {"status": "booked"},
    ],
}


@pytest.mark.parametrize("changes", HISTORIES.values(), ids=HISTORIES.keys())
def test_every_order_of_events_ends_in_the_same_reminders(notifications: Desk, changes: list[dict[str, Any]]) -> None:
    """Seen red by: `keep-due` that leaves an earlier site."""
    rule(notifications, "P7D", "P2D", "PT2H", after_miss=True)
    visit, facts = notifications.visit(new_id(), start_at=START), []
    for version, change in enumerate(changes, start=1):
        visit = replace(visit, version=version, **change)
        facts.append(told(visit, notifications.network_id, NOW + timedelta(minutes=version)))
    expected = rows_after(notifications, facts)
    assert expected
    for order in permutations(facts):
        assert rows_after(notifications, order) == expected
        assert rows_after(notifications, [*order, *reversed(order)]) == expected


def rows_after(desk: Desk, facts: Sequence[Any]) -> list[str]:
    """What is due after these, one by one; everything is rolled back."""
    with desk.units.for_network(desk.network_id) as uow:
        for fact in facts:
            follow_appointments([fact], uow, desk.clock)
        with uow.connection.cursor() as cursor:
            cursor.execute("SELECT * FROM texts")
            return sorted(str(dict(row)) for row in cursor.fetchall())


def test_new_rules_reach_the_visits_that_are_booked_and_make_up_for_nothing(notifications: Desk) -> None:
    """Seen red by: a plan that leaves the reminders as they are."""
    booked(notifications)
    booked(notifications, start_at=NOW + timedelta(days=3))
    rule(notifications, "P7D", "P1D", version=0)
    assert [lead for lead, *_ in reminders(notifications)] == ["P2D", "P2D"]
    assert plan(notifications) == 1
    assert [(lead, due_at) for lead, _, _, due_at in reminders(notifications)] == [
        ("P1D", NOW + timedelta(days=2)),
        ("P7D", START - timedelta(days=7)),
        ("P1D", START - timedelta(days=1)),
    ]
    rule(notifications, version=1)
    plan(notifications)
    assert reminders(notifications) == []


def test_visits_from_before_there_were_reminders_are_planned_in_batches(
    notifications: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red by: a plan that ends with its first batch."""
    monkeypatch.setattr("services.notifications.operations.reminder_rules._AT_ONCE", 2)
    for day in range(5):
        booked(notifications, start_at=START + timedelta(days=day))
    notifications.rows("DELETE FROM texts WHERE lead IS NOT NULL")
    assert not plan_reminders(notifications.worker_units.for_network(notifications.network_id), notifications.clock)
    assert reminders(notifications) == []
    assert plan(notifications) == 3
    assert [due_at for *_, due_at in reminders(notifications)] == [START + timedelta(days=day - 2) for day in range(5)]
    assert plan(notifications) == 1


def test_what_the_carrier_does_not_take_is_tried_again_as_the_same_reminder(notifications: Desk) -> None:
    """Seen red by: `make_due` that takes a reminder for what was told last."""
    visit = booked(notifications)
    telling = notifications.rows("SELECT * FROM tellings")
    notifications.clock.instant = START - timedelta(days=2)
    notifications.send(BusyCarrier())
    assert reminders(notifications)[0][:2] == ("P2D", "due")
    notifications.real_time.instant += timedelta(hours=1)
    assert notifications.send() == 1
    assert notifications.rows("SELECT * FROM tellings") == telling
    notifications.hear(replace(visit, version=2, status="cancelled"))
    notifications.send()
    assert ("cancelled", "accepted", None) in notifications.texts()


LATE = datetime(2026, 12, 6, 3, tzinfo=UTC)  # ten in the evening at the site


def test_a_reminder_that_waits_outlives_what_leaves_its_visit_where_it_is(notifications: Desk) -> None:
    """It goes once, in the morning. Seen red by: `reminders_due` that is told of none that waits."""
    rule(notifications, "P2D")
    visit = booked(notifications, start_at=LATE + timedelta(days=2))
    assert send_at(notifications, LATE + timedelta(minutes=1)) == 0
    for version, changed in enumerate((replace(visit, delay_minutes=10), visit), start=2):
        notifications.clock.instant += timedelta(minutes=10)
        notifications.hear(told(replace(changed, version=version), notifications.network_id, notifications.clock.now()))
        assert notifications.send() == 0
    notifications.clock.instant = LATE + timedelta(hours=10)
    assert [notifications.send(), notifications.send()] == [1, 0]
    assert [it[:3] for it in reminders(notifications)] == [("P2D", "accepted", None)]


def test_of_a_visit_that_is_cancelled_a_reminder_that_waits_has_its_reason(notifications: Desk) -> None:
    """Seen red by: the same."""
    rule(notifications, "P2D")
    visit = booked(notifications, start_at=LATE + timedelta(days=2))
    send_at(notifications, LATE + timedelta(minutes=1))
    notifications.clock.instant += timedelta(minutes=10)
    cancelled = replace(visit, version=2, status="cancelled")
    notifications.hear(told(cancelled, notifications.network_id, notifications.clock.now()))
    notifications.send()
    assert [it[:3] for it in reminders(notifications)] == [("P2D", "skipped", "visit-changed")]


@pytest.mark.parametrize(
    "change", [{"start_at": LATE + timedelta(days=2, hours=1)}, {"site_id": new_id()}, {"status": "arrived"}]
)
def test_a_reminder_that_waits_dies_where_its_visit_moves_or_begins(
    notifications: Desk, change: dict[str, Any]
) -> None:
    """Also where it moves back: she was told of that. Seen red by: every one that is due kept."""
    rule(notifications, "P2D")
    visit = booked(notifications, start_at=LATE + timedelta(days=2))
    send_at(notifications, LATE + timedelta(minutes=1))
    for version, changed in enumerate((replace(visit, **change), visit), start=2):
        notifications.clock.instant += timedelta(minutes=10)
        notifications.hear(told(replace(changed, version=version), notifications.network_id, notifications.clock.now()))
    assert reminders(notifications) == []


def test_a_busy_carrier_and_an_event_cost_no_reminder(notifications: Desk) -> None:
    """Seen red by: a text that is put back as if it were not due yet."""
    visit = booked(notifications)
    notifications.clock.instant = START - timedelta(days=2)
    notifications.send(BusyCarrier())
    notifications.clock.instant += timedelta(minutes=1)
    delayed = replace(visit, version=2, delay_minutes=5)
    notifications.hear(told(delayed, notifications.network_id, notifications.clock.now()))
    notifications.real_time.instant += timedelta(hours=1)
    assert notifications.send() == 1
    assert reminders(notifications)[0][:3] == ("P2D", "accepted", None)


def test_a_visit_that_a_process_of_the_former_release_wrote_is_planned_by_its_sites_zone(notifications: Desk) -> None:
    """Seen red by: the zone read as it was written."""
    rule(notifications, "P2D")
    booked(notifications)
    notifications.rows("DELETE FROM texts WHERE lead IS NOT NULL")
    notifications.rows("UPDATE appointments SET zone = NULL")
    plan(notifications)
    assert reminders(notifications) == [("P2D", "due", None, START - timedelta(days=2))]


def test_after_an_outage_only_the_last_reminder_goes_and_none_to_who_is_on_the_way(notifications: Desk) -> None:
    rule(notifications, "P2D", "PT2H")
    for minutes in (0, 75, 150):
        booked(notifications, start_at=START + timedelta(minutes=minutes))
    assert send_at(notifications, START + timedelta(minutes=60)) == 1
    assert sorted(it[:3] for it in reminders(notifications)) == [
        ("P2D", "skipped", "superseded"),
        ("P2D", "skipped", "superseded"),
        ("P2D", "skipped", "too-late"),
        ("PT2H", "accepted", None),
        ("PT2H", "skipped", "too-late"),
        ("PT2H", "skipped", "too-late-to-act"),
    ]
    assert notifications.tasks() == ["too-late-to-act"]
