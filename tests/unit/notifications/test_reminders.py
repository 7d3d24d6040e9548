"""Which reminders a visit calls for, and when: at the same local hour, whatever the clocks do in between."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.limits import Surroundings, TextingLimits, Verdict, verdict_on
from services.notifications.domain.quiet_hours import QuietHours
from services.notifications.domain.reminders import (
    Lead,
    ReminderRule,
    ReminderRules,
    lead_of,
    reminders_due,
    why_not_to_remind,
)
from services.notifications.domain.texts import Text
from services.notifications.domain.visits import DueText, Telling, Visit
from services.notifications.operations.about import Told
from shared.ids import new_id

NEW_YORK = "America/New_York"
BOOKED_AT = datetime(2026, 10, 1, 15, tzinfo=UTC)
WEEK, TWO_DAYS, TWO_HOURS = Lead(days=7), Lead(days=2), Lead(hours=2)
ALL = ReminderRules(rules=(ReminderRule(before=(TWO_HOURS, WEEK, TWO_DAYS), after_miss=True),))
VISIT = Visit(
    appointment_id=new_id(),
    version=1,
    site_id=new_id(),
    patient_id=new_id(),
    status="booked",
    start_at=datetime(2026, 11, 24, 15, tzinfo=UTC),
    changed_at=BOOKED_AT,
    zone=NEW_YORK,
    appointment_type_id=new_id(),
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(NEW_YORK)).astimezone(UTC)


def leads(due: Sequence[DueText]) -> list[str | None]:
    return [it.lead for it in due]


def test_each_window_is_due_at_its_own_time() -> None:
    due = reminders_due(VISIT, ALL)
    assert [(it.lead, it.start_at - it.due_at) for it in due] == [
        ("P7D", timedelta(days=7)),
        ("P2D", timedelta(days=2)),
        ("PT2H", timedelta(hours=2)),
    ]
    assert {it.kind for it in due} == {"reminder"}
    assert len({it.text_id for it in due}) == 3


def test_a_network_that_sets_nothing_reminds_two_days_before() -> None:
    assert leads(reminders_due(VISIT, ReminderRules())) == ["P2D"]


@pytest.mark.requirement("6d")
@pytest.mark.parametrize(
    ("start", "lead", "due"),
    [
        # The clocks go forward on 8 March 2026 and back on 1 November.
        ("2026-03-08 09:00", Lead(days=1), "2026-03-07 09:00"),
        ("2026-03-09 09:00", Lead(days=2), "2026-03-07 09:00"),
        ("2026-11-01 09:00", Lead(days=1), "2026-10-31 09:00"),
        ("2026-11-02 09:00", Lead(days=2), "2026-10-31 09:00"),
        # Hours are counted, not read from the wall.
        ("2026-03-08 09:00", Lead(hours=24), "2026-03-07 08:00"),
        ("2026-11-01 09:00", Lead(hours=24), "2026-10-31 10:00"),
        # That morning has no 02:30, and the other has two 01:30.
        ("2026-03-10 02:30", Lead(days=2), "2026-03-08 03:00"),
    ],
)
def test_days_before_is_the_same_local_hour_across_both_changes(start: str, lead: Lead, due: str) -> None:
    """Seen red by: days taken as 24 hours each."""
    assert lead.before(local(start), NEW_YORK) == local(due)


def test_of_an_hour_that_comes_twice_the_first_is_the_time() -> None:
    assert Lead(days=1).before(local("2026-11-02 01:30"), NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert Lead(days=1).before(second, NEW_YORK) == datetime(2026, 10, 31, 5, 30, tzinfo=UTC)


@settings(max_examples=200, deadline=None)
@given(
    zone=st.sampled_from((NEW_YORK, "America/Los_Angeles", "Europe/Paris", "Australia/Lord_Howe", "America/Santiago")),
    day=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    hour=st.integers(4, 22),
    days=st.integers(1, 30),
)
def test_a_visit_in_daylight_is_reminded_of_at_its_own_hour(zone: str, day: date, hour: int, days: int) -> None:
    start = datetime.combine(day, time(hour), ZoneInfo(zone))
    reminded = Lead(days=days).before(start.astimezone(UTC), zone).astimezone(ZoneInfo(zone))
    assert (reminded.date(), reminded.time()) == (day - timedelta(days=days), time(hour))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ["P7D", "P2D", "PT2H"]),
        # What was said when it was booked is not said again a day later.
        ({"changed_at": VISIT.start_at - timedelta(days=1)}, ["PT2H"]),
        ({"changed_at": VISIT.start_at - timedelta(days=2)}, ["PT2H"]),
        ({"changed_at": VISIT.start_at - timedelta(hours=1)}, []),
        ({"confirmed_at": BOOKED_AT}, ["PT2H"]),
        ({"zone": None}, []),
        *(({"status": it}, []) for it in ("proposed", "cancelled", "arrived", "fulfilled", "entered-in-error")),
        ({"status": "noshow"}, ["after-miss"]),
        # What was about to go is there to have a reason.
        ({"status": "cancelled", "changed_at": VISIT.start_at - timedelta(days=2, minutes=59)}, ["P2D"]),
        ({"status": "cancelled", "changed_at": VISIT.start_at - timedelta(days=2)}, []),
    ],
)
def test_reminders_follow_the_visits_present_condition(change: dict[str, object], expected: list[str]) -> None:
    """Seen red by: a window that is over made up for; a confirmed visit asked about again."""
    assert leads(reminders_due(replace(VISIT, **change), ALL)) == expected  # type: ignore[arg-type]


def test_a_moved_visit_is_reminded_of_under_other_ids() -> None:
    moved = replace(VISIT, start_at=VISIT.start_at + timedelta(hours=1), version=2)
    before, after = reminders_due(VISIT, ALL), reminders_due(moved, ALL)
    assert not {it.text_id for it in before} & {it.text_id for it in after}
    assert reminders_due(replace(VISIT, version=9), ALL) == before


def test_the_narrowest_rule_that_concerns_a_visit_holds_alone() -> None:
    """Seen red by: the first that concerns it."""
    site, kind = VISIT.site_id, VISIT.appointment_type_id
    here, such, both = Lead(days=3), Lead(days=4), Lead(days=5)
    rules = [
        ReminderRule(before=(both,), site_id=site, appointment_type_id=kind),
        ReminderRule(before=(such,), appointment_type_id=kind),
        ReminderRule(before=(here,), site_id=site),
        ReminderRule(before=(WEEK,)),
        ReminderRule(before=(Lead(days=9),), site_id=new_id(), appointment_type_id=kind),
    ]
    for expected in ("P5D", "P4D", "P3D", "P7D"):
        assert leads(reminders_due(VISIT, ReminderRules(rules=tuple(rules)))) == [expected]
        rules.pop(0)
    assert reminders_due(VISIT, ReminderRules(rules=tuple(rules))) == []
    silent = ReminderRules(rules=(ReminderRule(before=(WEEK,)), ReminderRule(appointment_type_id=kind)))
    assert reminders_due(VISIT, silent) == []


def test_new_rules_catch_up_with_nothing() -> None:
    """Seen red by: `since` that nobody reads."""
    late = replace(ALL, since=VISIT.start_at - timedelta(days=1))
    assert leads(reminders_due(VISIT, late)) == ["PT2H"]
    missed = replace(VISIT, status="noshow", changed_at=VISIT.start_at + timedelta(hours=1))
    assert leads(reminders_due(missed, late)) == ["after-miss"]
    assert reminders_due(missed, replace(ALL, since=missed.changed_at + timedelta(seconds=1))) == []


@pytest.mark.parametrize(
    ("lead", "before", "reason"),
    [
        ("P7D", timedelta(days=3), None),
        ("P7D", timedelta(days=2), "superseded"),
        ("P2D", timedelta(hours=3), None),
        ("P2D", timedelta(hours=2), "superseded"),
        ("PT2H", timedelta(minutes=30), None),
        ("PT2H", timedelta(minutes=29), "too-late-to-act"),
        ("PT2H", timedelta(0), "too-late"),
        ("P2D", -timedelta(hours=1), "too-late"),
    ],
)
def test_a_reminder_that_is_late_goes_while_it_helps(lead: str, before: timedelta, reason: str | None) -> None:
    """Seen red by: a reminder sent beside the next one; one sent to somebody who is on the way."""
    assert why_not_to_remind(text_of(VISIT, lead), VISIT, ALL, VISIT.start_at - before) == reason


def test_what_was_about_to_go_when_its_visit_was_cancelled_has_its_reason() -> None:
    """Seen red by: the status not looked at."""
    cancelled = replace(VISIT, status="cancelled", changed_at=VISIT.start_at - timedelta(days=2, seconds=1))
    assert why_not_to_remind(text_of(cancelled, "P2D"), cancelled, ALL, cancelled.changed_at) == "visit-changed"


def test_a_miss_is_news_for_two_days() -> None:
    missed = replace(VISIT, status="noshow", changed_at=VISIT.start_at + timedelta(hours=1))
    text = text_of(missed, "after-miss")
    assert why_not_to_remind(text, missed, ALL, missed.changed_at + timedelta(days=2)) is None
    assert why_not_to_remind(text, missed, ALL, missed.changed_at + timedelta(days=2, seconds=1)) == "too-late"
    assert why_not_to_remind(text, VISIT, ALL, missed.changed_at) == "visit-changed"


def test_a_reminder_answers_nobody_and_a_missed_visit_is_texted_about_in_the_morning() -> None:
    """Seen red by: whatever is told soon after a change taken for an answer."""
    limits = TextingLimits(quiet=QuietHours(answers_wait=False))
    missed = replace(VISIT, status="noshow", start_at=local("2026-11-24 21:30"), changed_at=local("2026-11-24 22:00"))
    about, text = (
        Told(visit=missed, telling=Telling(appointment_id=missed.appointment_id)),
        text_of(missed, "after-miss"),
    )
    where = Surroundings(site_zone=NEW_YORK)
    verdict = verdict_on(about.news_since(text), about.of_use_until(text), where, limits, missed.changed_at)
    assert verdict == Verdict(until=local("2026-11-25 08:00"))


def text_of(visit: Visit, lead: str) -> Text:
    [due] = [it for it in reminders_due(visit, ALL) if it.lead == lead]
    owners = {"patient_id": visit.patient_id, "site_id": visit.site_id}
    return Text(**vars(due), **owners, status="due")


@pytest.mark.parametrize("written", ["P1D", "P30D", "PT1H", "PT72H"])
def test_a_lead_is_written_as_it_is_read(written: str) -> None:
    assert str(lead_of(written)) == written


@pytest.mark.parametrize("written", ["", "P0D", "P31D", "PT0H", "PT73H", "P2DT2H", "P2D\n", "2D", "PT30M", "P-2D"])
def test_other_leads_are_none(written: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        lead_of(written)
