"""Absences: how long, how extended, and when undone."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.scheduling.domain.absences import Absence, checked_absence, require_not_over
from services.scheduling.domain.errors import AbsenceOver, AbsenceUndone, ImpossibleAbsence
from services.scheduling.domain.time_range import TimeRange
from tests.unit.scheduling.making import NOW, OTHER_SITE, PRACTITIONER, SITE, at


def absence(start: str = "2026-11-24 08:00", end: str = "2026-11-24 12:00") -> Absence:
    return Absence(
        absence_id=UUID(int=900),
        exception_id=UUID(int=901),
        practitioner_id=PRACTITIONER,
        from_at=at(start),
        until_at=at(end),
        reason="sick",
        site_ids=(SITE,),
        marked_at=NOW,
    )


def span(start: str, end: str) -> TimeRange:
    return TimeRange(at(start), at(end))


def test_what_it_covers_already_changes_nothing() -> None:
    """Seen red by: a version that rises each time."""
    known = absence()
    assert known.extended(span("2026-11-24 09:00", "2026-11-24 12:00"), (SITE,), UUID(int=902)) is known


def test_what_overlaps_extends_it_on_both_sides() -> None:
    longer = absence().extended(span("2026-11-24 07:00", "2026-11-25 12:00"), (OTHER_SITE,), UUID(int=902))
    assert longer.during == span("2026-11-24 07:00", "2026-11-25 12:00")
    assert (longer.site_ids, longer.version) == ((SITE, OTHER_SITE), 2)
    assert longer.exception_id == UUID(int=902)


def test_it_is_undone_once() -> None:
    undone = absence().undone(NOW)
    assert (undone.undone_at, undone.version) == (NOW, 2)
    with pytest.raises(AbsenceUndone):
        undone.undone(NOW)


@pytest.mark.parametrize("length", [timedelta(), timedelta(hours=-1), timedelta(days=367)])
def test_an_absence_ends_after_it_starts_and_within_a_year(length: timedelta) -> None:
    with pytest.raises(ImpossibleAbsence):
        checked_absence(NOW, NOW + length)


def test_what_is_over_cannot_be_marked() -> None:
    require_not_over(span("2026-11-23 07:00", "2026-11-23 08:01"), NOW)
    with pytest.raises(AbsenceOver):
        require_not_over(span("2026-11-23 07:00", "2026-11-23 08:00"), NOW)
