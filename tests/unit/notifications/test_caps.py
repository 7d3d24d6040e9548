"""How many texts are too many, by the site's days, and what is outside of that."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.notifications.domain.caps import is_one_too_many, is_outside_caps
from services.notifications.domain.limits import TextingLimits
from services.notifications.domain.texts import Text
from services.notifications.domain.visits import Telling, Visit
from shared.ids import new_id

NEW_YORK = "America/New_York"
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
VISIT = Visit(
    appointment_id=new_id(),
    version=1,
    site_id=new_id(),
    patient_id=new_id(),
    status="booked",
    start_at=NOW + timedelta(days=3),
    changed_at=NOW,
)
NOTHING = Telling(appointment_id=VISIT.appointment_id)
TWICE = TextingLimits(most_a_day=2, most_a_week=3)


def at(*days: str) -> list[datetime]:
    return [datetime.fromisoformat(f"{day}:00").replace(tzinfo=ZoneInfo(NEW_YORK)) for day in days]


@pytest.mark.parametrize(
    ("earlier", "limits", "too_many"),
    [
        ([], TextingLimits(), False),
        (at("2026-11-24 08"), TextingLimits(), True),
        # Yesterday evening at the site is today by UTC.
        (at("2026-11-23 20"), TextingLimits(), False),
        (at("2026-11-24 08"), TWICE, False),
        (at("2026-11-24 08", "2026-11-24 09"), TWICE, True),
        (at("2026-11-18 08", "2026-11-19 08", "2026-11-20 08"), TextingLimits(), True),
        (at("2026-11-17 23", "2026-11-19 08", "2026-11-20 08"), TextingLimits(), False),
        (at("2026-11-24 08") * 50, TextingLimits(most_a_day=None, most_a_week=None), False),
        (at("2026-11-24 08"), TextingLimits(most_a_day=None, most_a_week=1), True),
    ],
)
def test_a_day_and_a_week_hold_so_many_texts(
    earlier: Sequence[datetime], limits: TextingLimits, too_many: bool
) -> None:
    """Seen red by: days of UTC; a week of eight days."""
    assert is_one_too_many(earlier, NOW, NEW_YORK, limits) is too_many


@pytest.mark.parametrize(
    ("kind", "lead", "visit", "telling", "outside"),
    [
        ("booked", None, {}, NOTHING, True),
        ("rescheduled", None, {}, NOTHING, True),
        ("cancelled", None, {"cancelled_by": "patient"}, NOTHING, True),
        ("cancelled", None, {"cancelled_by": "clinic"}, NOTHING, False),
        ("cancelled", None, {"start_at": NOW + timedelta(hours=47)}, NOTHING, True),
        # She thinks that it is tomorrow.
        ("cancelled", None, {}, NOTHING.after_telling("booked", NOW + timedelta(hours=20)), True),
        ("reminder", "P2D", {}, NOTHING, False),
        ("reminder", "PT2H", {"start_at": NOW + timedelta(hours=2)}, NOTHING, False),
        ("missed", "after-miss", {"start_at": NOW - timedelta(hours=2)}, NOTHING, False),
    ],
)
def test_answers_and_news_of_a_visit_that_is_near_are_outside_the_caps(
    kind: str, lead: str | None, visit: dict[str, object], telling: Telling, outside: bool
) -> None:
    """Seen red by: the told time left out."""
    known = replace(VISIT, **visit)  # type: ignore[arg-type]
    assert is_outside_caps(text_of(known, kind, lead), known, telling, NOW) is outside


def text_of(visit: Visit, kind: str, lead: str | None) -> Text:
    owners = {"appointment_id": visit.appointment_id, "patient_id": visit.patient_id, "site_id": visit.site_id}
    return Text(**owners, text_id=new_id(), kind=kind, start_at=visit.start_at, status="due", due_at=NOW, lead=lead)
