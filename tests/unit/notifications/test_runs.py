"""What belongs together when many are texted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.domain.reminders import Lead, ReminderRule, ReminderRules, reminders_due
from services.notifications.domain.runs import TextRun, run_of_reminder
from services.notifications.domain.visits import DueText, Visit
from shared.ids import new_id

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
VISIT = Visit(
    appointment_id=new_id(),
    version=1,
    site_id=new_id(),
    patient_id=new_id(),
    status="booked",
    start_at=MONDAY + timedelta(days=9),
    changed_at=MONDAY,
    zone="America/New_York",
)


TWO_DAYS = Lead(days=2)


def reminder(visit: Visit, lead: Lead) -> DueText:
    [due] = reminders_due(visit, ReminderRules(rules=(ReminderRule(before=(lead,)),)))
    return due


def run_of(visit: Visit, lead: Lead = TWO_DAYS) -> TextRun | None:
    return run_of_reminder(reminder(visit, lead), visit)


def test_reminders_of_a_local_day_at_a_site_are_one_run_whatever_their_hour() -> None:
    """Seen red by: the day of UTC."""
    late = replace(VISIT, appointment_id=new_id(), start_at=VISIT.start_at.replace(hour=23))
    after_midnight_utc = replace(late, start_at=late.start_at + timedelta(hours=3))
    assert run_of(VISIT) == run_of(late) == run_of(after_midnight_utc)
    assert run_of(VISIT) != run_of(replace(VISIT, start_at=VISIT.start_at + timedelta(days=1)))
    assert run_of(VISIT) != run_of(replace(VISIT, site_id=new_id()))
    assert run_of(VISIT) != run_of(VISIT, Lead(days=3))


@pytest.mark.parametrize("lead", [Lead(hours=2), Lead(hours=48)])
def test_what_is_due_hours_before_comes_by_itself(lead: Lead) -> None:
    assert run_of(VISIT, lead) is None
