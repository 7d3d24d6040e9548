"""One reminder for a family or a day, on a real database: what goes together, what it says, and what is answered."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from fix_notifications import NOW, Desk, patient_with, told

from services.notifications import queries
from services.notifications.domain.commands import SetReminderRules, SetTextingPolicy
from services.notifications.domain.reminders import Lead, ReminderRule
from services.notifications.operations import set_reminder_rules, set_texting_policy
from tests.families import BOOKED_AT, HALF_HOUR, OF_TWO, TEN, booked, family, reminders, told_events, when_due
from tests.integration.notifications.test_templates import OPT_OUT, in_force

FIRST_DAY, LAST_DAY = date(2026, 11, 1), date(2026, 12, 31)


@pytest.mark.requirement("25a")
def test_a_family_with_one_phone_is_reminded_in_one_text_and_each_visit_shows_it(notifications: Desk) -> None:
    """The second would be due half an hour later. Seen red by: no companions looked for; another attempt for each."""
    family(notifications, "Ana", "Ben")
    when_due(notifications)
    assert notifications.send() == 1
    assert notifications.bodies() == [OF_TWO]
    assert reminders(notifications) == ["accepted", "accepted"]
    assert len(set(reminders(notifications, "attempt_id"))) == 1
    assert told_events(notifications, "text-sent") == 2
    when_due(notifications, timedelta(days=1))
    assert notifications.send() == 0


def test_a_day_with_several_visits_is_one_text_and_counts_as_one(notifications: Desk) -> None:
    """One a day is the cap. Seen red by: each counted."""
    [patient_id] = family(notifications, "Ana")
    for minutes in (30, 45, 60):
        booked(notifications, patient_id, TEN + timedelta(minutes=minutes))
    when_due(notifications)
    assert notifications.send() == 1
    assert "10:00 AM, 10:30 AM, 10:45 AM, 11:00 AM." in notifications.bodies()[0]
    assert reminders(notifications, "counted") == [True, False, False, False]
    assert notifications.tasks() == []


def test_seven_visits_are_two_texts(notifications: Desk) -> None:
    """Seen red by: no end of what is read in one text."""
    family(notifications, *"ABCDEFG")
    when_due(notifications)
    assert notifications.send() == 1
    assert notifications.bodies()[0].count("AM") + notifications.bodies()[0].count("PM") == 6
    when_due(notifications, timedelta(days=1, hours=20))
    assert (notifications.send(), reminders(notifications)) == (1, ["accepted"] * 7)


def test_of_one_patient_the_seventh_of_a_day_is_one_too_many(notifications: Desk) -> None:
    """Also where all are due at once. Seen red by: the whole group counted as one."""
    [patient_id] = family(notifications, "Ana")
    for place in range(1, 7):
        booked(notifications, patient_id, TEN + place * HALF_HOUR)
    when_due(notifications, timedelta(days=1, hours=20))
    assert (notifications.send(), notifications.tasks()) == (1, ["capped"])


@pytest.mark.parametrize(
    ("first_names", "says"), [(False, "10:00 AM, 10:30 AM."), (True, "10:00 AM (Ana), 10:30 AM (Ben).")]
)
def test_who_comes_when_is_said_where_the_network_tells_first_names(
    notifications: Desk, first_names: bool, says: str
) -> None:
    policy = SetTextingPolicy(default_language="en", most_segments=2, first_names=first_names)
    set_texting_policy(policy, notifications.units.for_network(notifications.network_id), notifications.clock)
    family(notifications, "Ana", "Ben")
    when_due(notifications)
    notifications.send()
    assert says in notifications.bodies()[0]


def alone(desk: Desk) -> None:
    """Only what is due goes."""
    when_due(desk)
    assert desk.send() == 1
    assert reminders(desk) == ["accepted", "due"]
    when_due(desk, timedelta(days=2) - HALF_HOUR)
    desk.send()


def test_another_number_another_day_and_another_language_are_texts_of_their_own(notifications: Desk) -> None:
    """Seen red by: any of them left out of what a group has in common."""
    family(notifications, "Ana")
    others = [patient_with("+12025550107"), replace(patient_with(), language="es"), patient_with()]
    notifications.hear(*others)
    for place, patient in enumerate(others):
        booked(notifications, patient.patient_id, TEN + HALF_HOUR + place // 2 * timedelta(days=1))
    when_due(notifications)
    assert (notifications.send(), reminders(notifications)) == (1, ["accepted", "due", "due", "due"])


def test_what_an_outage_kept_back_is_a_text_for_each_day(notifications: Desk) -> None:
    """Seen red by: two days in one text, which names one of them."""
    family(notifications, "Ana")
    booked(notifications, notifications.patient(), TEN + timedelta(days=1))
    when_due(notifications, timedelta(days=1))
    assert (notifications.send(), reminders(notifications)) == (2, ["accepted", "accepted"])


def test_whoever_may_not_be_texted_is_left_for_a_reason_of_their_own(notifications: Desk) -> None:
    """At its own time. Seen red by: a companion's refusal kept at the time of the first."""
    family(notifications, "Ana")
    booked(notifications, notifications.patient(consented=False), TEN + HALF_HOUR)
    when_due(notifications)
    assert (notifications.send(), reminders(notifications)) == (1, ["accepted", "due"])
    when_due(notifications, timedelta(days=2) - HALF_HOUR)
    assert (notifications.send(), notifications.tasks()) == (0, ["no-consent"])


def test_a_network_with_words_of_its_own_for_one_has_them_for_several_before_they_are_told_together(
    notifications: Desk,
) -> None:
    """Else ours would stand in for its own. Seen red by: ours taken."""
    in_force(notifications, "Bring your card at {{ time }}.", occasion="reminder")
    family(notifications, "Ana", "Ben")
    alone(notifications)
    in_force(notifications, "Bring your cards at {{ times }}.", occasion="reminder-of-several")
    family(notifications, "Cleo", "Dan", number="+12025550108")
    when_due(notifications)
    notifications.send()
    assert f"Bring your cards at 10:00 AM, 10:30 AM. {OPT_OUT}" in notifications.bodies()


def remind(desk: Desk, *before: Lead) -> None:
    rules = [ReminderRule(before=before)]
    set_reminder_rules(SetReminderRules(rules=rules), desk.units.for_network(desk.network_id), desk.clock)


@pytest.mark.parametrize(("hours", "later", "goes"), [(2, 2.0, 2), (2, 2.5, 1), (24, 6.0, 2)])
def test_shortly_before_a_visit_only_those_soon_after_it_are_told_with_it(
    notifications: Desk, hours: int, later: float, goes: int
) -> None:
    """Seen red by: who comes at five reminded in the morning."""
    remind(notifications, Lead(hours=hours))
    [patient_id] = family(notifications, "Ana")
    booked(notifications, patient_id, TEN + timedelta(hours=later))
    when_due(notifications, timedelta(hours=hours))
    notifications.send()
    assert reminders(notifications).count("accepted") == goes


def test_a_yes_confirms_all_and_is_counted_for_all(notifications: Desk) -> None:
    """Seen red by: the first alone told to scheduling; one fact's id for both."""
    patients = family(notifications, "Ana", "Ben")
    when_due(notifications)
    notifications.send()
    assert notifications.reply("YES").meaning == "confirm"
    facts = notifications.rows("SELECT data FROM outbox WHERE type = 'reply-received'")
    assert {row["data"]["patient_id"] for row in facts} == set(map(str, patients))
    assert len({row["data"]["reply_id"] for row in facts}) == 2
    assert notifications.tasks() == []
    assert confirmed(notifications) == 2


def confirmed(desk: Desk) -> int:
    """Reminders to which somebody said yes, by the figures."""
    question = {"site_id": desk.site_id, "from_on": FIRST_DAY, "to_on": LAST_DAY}
    with desk.at(desk.site_id) as uow:
        items = queries.figures(question, desk.clock.now(), uow)["items"]
    return sum(it["confirmed"] or 0 for it in items if it["kind"] == "reminder")


def test_a_yes_is_none_to_a_visit_that_has_moved_since(notifications: Desk) -> None:
    """Its own text says what became of it. Seen red by: all that the text told confirmed, or counted so."""
    family(notifications, "Ana")
    patient = patient_with()
    notifications.hear(patient)
    visit = notifications.visit(patient.patient_id, start_at=TEN + HALF_HOUR)
    notifications.hear(told(visit, notifications.network_id, BOOKED_AT))
    notifications.rows("DELETE FROM texts WHERE lead IS NULL")
    when_due(notifications)
    notifications.send()
    notifications.hear(told(replace(visit, version=2, status="cancelled"), notifications.network_id, NOW))
    notifications.reply("YES")
    facts = notifications.rows("SELECT data FROM outbox WHERE type = 'reply-received'")
    assert len(facts) == 1
    assert facts[0]["data"]["patient_id"] != str(patient.patient_id)
    assert confirmed(notifications) == 1


@pytest.mark.parametrize("patients", [1, 2])
def test_a_no_to_several_is_read_by_a_person_as_about_none_of_them_alone(notifications: Desk, patients: int) -> None:
    """It is known whose they are where one patient has them all. Seen red by: the call about the first, which ends with
    it; nobody named."""
    found = family(notifications, *["Ana", "Ben"][:patients])
    booked(notifications, found[0], TEN + 2 * HALF_HOUR)
    when_due(notifications)
    notifications.send()
    notifications.reply("NO")
    assert notifications.tasks() == ["reply-decline"]
    [task] = notifications.rows("SELECT appointment_id, patient_id, text_id FROM tasks")
    assert (task["appointment_id"], task["patient_id"]) == (None, found[0] if patients == 1 else None)
    assert task["text_id"] is not None
    assert told_events(notifications, "reply-received") == 0


def test_of_two_days_the_second_is_one_too_many_for_each_of_a_family(notifications: Desk) -> None:
    """Never nothing: each is called. Seen red by: no cap for whoever goes along; half of each day sent."""
    remind(notifications, Lead(days=1), Lead(days=2))
    for last in range(6):
        for place, patient_id in enumerate(family(notifications, "Ana", "Ben", number=f"+1202555{last:04}")):
            booked(notifications, patient_id, TEN + timedelta(days=1) + place * HALF_HOUR)
    when_due(notifications, timedelta(days=1) - HALF_HOUR)
    assert notifications.send() == 6
    assert notifications.tasks() == ["capped"] * 12


def test_the_sandbox_holds_it_once_and_a_conversation_shows_each_of_its_visits(notifications: Desk) -> None:
    """Seen red by: the sandbox's text once for each visit."""
    patients = family(notifications, "Ana", "Ben")
    when_due(notifications)
    notifications.send()
    notifications.reply("YES")
    uow = notifications.at(notifications.site_id)
    with uow:
        found = queries.sandbox_texts({"limit": 10, "cursor": None, "sort": "accepted_at"}, uow)["items"]
    assert [(it["body"], it["kind"]) for it in found] == [(OF_TWO, "reminder-of-several")]
    [row] = notifications.rows("SELECT conversation_id FROM conversations")
    with notifications.at(notifications.site_id) as uow:
        said = queries.said({**row, "limit": 10, "cursor": None, "sort": "at"}, uow)["items"]
    assert {it["patient_id"] for it in said if it["kind"] == "text"} == set(patients)
    assert [it["says"] for it in said if it["kind"] == "reply"] == ["confirm"]
