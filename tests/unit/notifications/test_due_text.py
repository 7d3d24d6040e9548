"""Which text is due: the visit's present condition against what was told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.notifications.domain.visits import Telling, Visit, due_text
from shared.ids import new_id

AT_NINE = datetime(2026, 11, 23, 15, tzinfo=UTC)
AT_TEN = AT_NINE + timedelta(hours=1)
AT_ELEVEN = AT_NINE + timedelta(hours=2)
RE = "rescheduled"
VISIT = Visit(
    appointment_id=new_id(),
    version=1,
    site_id=new_id(),
    patient_id=new_id(),
    status="booked",
    start_at=AT_NINE,
    changed_at=AT_NINE - timedelta(days=1),
)
NOTHING = Telling(appointment_id=VISIT.appointment_id)
TOLD_NINE = NOTHING.after_telling("booked", AT_NINE)
TOLD_OFF = TOLD_NINE.after_telling("cancelled", AT_NINE)
QUIET = ("proposed", "noshow", "entered-in-error")


def visit(status: str, start_at: datetime = AT_NINE) -> Visit:
    return replace(VISIT, status=status, start_at=start_at)


@pytest.mark.parametrize(
    ("status", "start_at", "telling", "kind"),
    [
        ("booked", AT_NINE, NOTHING, "booked"),
        ("booked", AT_NINE, TOLD_NINE, None),
        ("booked", AT_TEN, TOLD_NINE, "rescheduled"),
        ("booked", AT_NINE, TOLD_OFF, "booked"),
        ("booked", AT_TEN, TOLD_OFF, "booked"),
        ("cancelled", AT_NINE, NOTHING, None),
        ("cancelled", AT_NINE, TOLD_NINE, "cancelled"),
        ("cancelled", AT_TEN, TOLD_NINE, "cancelled"),
        ("cancelled", AT_NINE, TOLD_OFF, None),
        ("arrived", AT_TEN, TOLD_NINE, None),
        ("fulfilled", AT_NINE, NOTHING, None),
        # A proposal is nobody's appointment yet; what was missed or was a mistake is no news to text.
        *(
            (it, start, said, None)
            for it in QUIET
            for start in (AT_NINE, AT_TEN)
            for said in (NOTHING, TOLD_NINE, TOLD_OFF)
        ),
        ("of-a-later-version-of-scheduling", AT_NINE, NOTHING, None),
        ("booked", AT_NINE, NOTHING.after_passing("booked", AT_NINE), None),
        ("booked", AT_TEN, NOTHING.after_passing("booked", AT_NINE), "booked"),
        ("cancelled", AT_NINE, NOTHING.after_passing("booked", AT_NINE), None),
        # Skipped for ten, then told of eleven: back at ten the patient would wait for eleven.
        ("booked", AT_TEN, TOLD_NINE.after_passing("rescheduled", AT_TEN).after_telling("rescheduled", AT_ELEVEN), RE),
    ],
)
def test_what_is_due_follows_from_the_condition_and_what_was_told(
    status: str, start_at: datetime, telling: Telling, kind: str | None
) -> None:
    due = due_text(visit(status, start_at), telling)
    assert (due.kind if due else None) == kind


THERE = new_id()
TOLD_HERE = NOTHING.after_telling("booked", AT_NINE, None, VISIT.site_id)
PASSED_HERE = NOTHING.after_passing("booked", AT_NINE, VISIT.site_id)


@pytest.mark.parametrize(
    ("site_id", "telling", "kind"),
    [
        (VISIT.site_id, TOLD_HERE, None),
        (THERE, TOLD_HERE, "rescheduled"),
        (THERE, TOLD_NINE, None),  # from before visits could move between sites: it was told of the site that it has
        (THERE, TOLD_HERE.after_telling("rescheduled", AT_NINE, None, THERE), None),
        (VISIT.site_id, PASSED_HERE, None),
        (THERE, PASSED_HERE, "booked"),
    ],
)
def test_the_same_hour_at_another_site_is_news(site_id: UUID, telling: Telling, kind: str | None) -> None:
    """Seen red by: a site that nobody asks about, of what was told and of what was passed over."""
    due = due_text(replace(VISIT, site_id=site_id), telling)
    assert (due.kind if due else None) == kind


def test_a_telling_that_is_taken_back_leaves_what_was_told_before_with_its_site() -> None:
    """Seen red by: `without` that keeps the site of what was taken back."""
    text_id = new_id()
    moved = TOLD_HERE.after_telling("rescheduled", AT_NINE, text_id, THERE)
    again = moved.without(text_id)
    assert (again.told_start_at, again.told_site_id) == (AT_NINE, VISIT.site_id)


def test_the_same_text_has_the_same_id_whatever_zone_its_time_was_written_in() -> None:
    elsewhere = AT_NINE.astimezone(datetime.fromisoformat("2026-01-01T00:00:00+05:30").tzinfo)
    assert due_text(visit("booked"), NOTHING) == due_text(visit("booked", elsewhere), NOTHING)


def test_a_visit_that_moves_away_and_back_is_told_each_time_under_a_new_id() -> None:
    away = TOLD_NINE.after_telling("rescheduled", AT_TEN)
    home_again = away.after_telling("rescheduled", AT_NINE)
    first = due_text(visit("booked", AT_TEN), TOLD_NINE)
    second = due_text(visit("booked", AT_TEN), home_again)
    assert first
    assert second
    assert first.text_id != second.text_id
