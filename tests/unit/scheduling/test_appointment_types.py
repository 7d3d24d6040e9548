"""Appointment types that change with effect from a day."""

from datetime import date, timedelta
from uuid import UUID

from services.scheduling.domain.places import AppointmentType

TODAY, LATER, LAST = date(2026, 11, 23), date(2027, 1, 1), date(2027, 2, 1)
VISIT = AppointmentType(appointment_type_id=UUID(int=5), name="Follow-up", minutes=30)


def test_a_planned_change_holds_from_its_day_on() -> None:
    kind = VISIT.planning(LAST, {"active": False}).planning(LATER, {"minutes": 20})
    assert kind.on(LATER - timedelta(days=1)).minutes == 30
    assert (kind.on(LATER).minutes, kind.on(LATER).active) == (20, True)
    assert (kind.on(LAST).minutes, kind.on(LAST).active) == (20, False)


def test_what_is_planned_for_a_day_is_replaced_and_called_off() -> None:
    kind = VISIT.planning(LATER, {"minutes": 20}).planning(LATER, {"minutes": 25})
    assert kind.on(LATER).minutes == 25
    assert kind.planning(LATER, {}) == VISIT


def test_days_are_cut_where_the_type_changes() -> None:
    kind = VISIT.planning(LATER, {"minutes": 20})
    spells = [(first, last, it.minutes) for first, last, it in kind.spells(TODAY, LAST)]
    assert spells == [(TODAY, date(2026, 12, 31), 30), (LATER, LAST, 20)]
    assert [it.minutes for _, _, it in kind.spells(LATER, LATER)] == [20]
