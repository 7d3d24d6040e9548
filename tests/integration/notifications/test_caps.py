"""Beyond the caps a text becomes a call, never nothing; what answers the patient is outside of them."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from fix_notifications import NOW, Desk

from services.notifications.adapters.sandbox import SandboxGateway
from services.notifications.domain.commands import SetReminderRules, SetTextingLimits
from services.notifications.domain.reminders import Lead, ReminderRule
from services.notifications.operations import set_reminder_rules, set_texting_limits
from shared.events.scheduling import SiteChanged
from shared.ids import new_id

START = NOW + timedelta(days=14)


def limit(desk: Desk, most_a_day: int | None, most_a_week: int | None) -> None:
    command = SetTextingLimits(quiet=None, most_a_day=most_a_day, most_a_week=most_a_week)
    set_texting_limits(command, desk.units.for_network(desk.network_id), desk.clock)


def remind(desk: Desk, *days: int) -> None:
    command = SetReminderRules(rules=[ReminderRule(before=tuple(Lead(days=it) for it in days))])
    set_reminder_rules(command, desk.units.for_network(desk.network_id), desk.clock)


def booked(desk: Desk, patient_id: UUID, minutes: int = 0) -> None:
    """Each at a site of its own: what one site has to say of a day is one text."""
    site = SiteChanged(site_id=new_id(), version=1, name="Oak Clinic", zone="America/New_York", phone=None)
    desk.hear(site)
    desk.hear(desk.visit(patient_id, site_id=site.site_id, start_at=START + timedelta(minutes=minutes)))


def send_at(desk: Desk, days_before: int) -> int:
    desk.clock.instant = START - timedelta(days=days_before) + timedelta(hours=1)
    return desk.send()


def reminders(desk: Desk) -> list[tuple[str, str, str | None]]:
    return sorted(text for text in desk.texts() if text[0] == "reminder")


def test_a_second_reminder_of_one_day_is_a_call(notifications: Desk) -> None:
    """Bookings were told however many they were. Seen red by: caps that nobody asks; texts of one claim that do not
    count each other."""
    patient_id = notifications.patient()
    booked(notifications, patient_id)
    booked(notifications, patient_id, 30)
    assert notifications.send() == 2
    assert [send_at(notifications, 2), notifications.send()] == [1, 0]
    assert reminders(notifications) == [("reminder", "accepted", None), ("reminder", "skipped", "capped")]
    assert notifications.tasks() == ["capped"]


@pytest.mark.parametrize("at_once", [1, 2, 50])
def test_of_those_that_are_due_together_the_first_goes_however_they_are_drawn(
    notifications: Desk, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Seen red by: texts claimed in the order in which they were drawn; one that is drawn alone."""
    monkeypatch.setattr(SandboxGateway, "at_once", at_once)
    monkeypatch.setattr("random.sample", lambda ready, texts: list(ready)[::-1][:texts])
    patient_id = notifications.patient()
    for minutes in (0, 10, 20):
        booked(notifications, patient_id, minutes)
    notifications.send()
    assert send_at(notifications, 2) == 1
    went = notifications.rows("SELECT start_at FROM texts WHERE kind = 'reminder' AND status = 'accepted'")
    assert [row["start_at"] for row in went] == [START]


def test_who_is_texted_counts_and_not_which_number(notifications: Desk) -> None:
    """A family shares a phone. Seen red by: a count of all patients together."""
    for _ in range(2):
        booked(notifications, notifications.patient())
    notifications.send()
    assert send_at(notifications, 2) == 2


@pytest.mark.parametrize(("most_a_day", "most_a_week", "sent"), [(1, 3, [1, 1, 1, 0]), (1, None, [1] * 4)])
def test_a_week_holds_so_many(
    notifications: Desk, most_a_day: int | None, most_a_week: int | None, sent: list[int]
) -> None:
    limit(notifications, most_a_day, most_a_week)
    remind(notifications, 6, 5, 4, 3)
    booked(notifications, notifications.patient())
    notifications.send()
    assert [send_at(notifications, days) for days in (6, 5, 4, 3)] == sent


def test_what_the_clinic_cancels_is_told_beside_a_reminder_only_where_it_is_near(notifications: Desk) -> None:
    """Seen red by: `cancelled_by` that is not copied."""
    patient_id = notifications.patient()
    visits = [notifications.visit(patient_id, start_at=START + timedelta(days=day)) for day in (0, 10, 20, 0)]
    notifications.hear(*visits)
    assert notifications.send() == 4
    assert send_at(notifications, 2) == 1
    changes = [{"cancelled_by": "clinic"}, {"cancelled_by": "clinic"}, {"cancelled_by": "patient"}]
    for visit, change in zip(visits, changes, strict=False):
        notifications.hear(replace(visit, version=2, status="cancelled", **change))
    assert notifications.send() == 2
    told = notifications.rows("SELECT start_at, status FROM texts WHERE kind = 'cancelled' ORDER BY start_at")
    assert [row["status"] for row in told] == ["accepted", "skipped", "accepted"]
