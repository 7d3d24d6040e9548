"""A family with one phone, or somebody with several visits on a day, and when they are reminded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from fix_notifications import NOW, Desk, patient_with, told

# Ten, and half past ten, in New York.
TEN = datetime(2026, 12, 1, 15, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
BOOKED_AT = NOW - timedelta(days=1)
OF_TWO = "North Clinic: a reminder of your appointments on Tue, Dec 1, 2026: 10:00 AM, 10:30 AM. Reply STOP to opt out."


def family(desk: Desk, *given: str, **more: Any) -> list[UUID]:
    """So many people with one phone, each with a visit, half an hour apart, of which they know."""
    patients = [replace(patient_with(**more), given=name) for name in given]
    desk.hear(*patients)
    for place, patient in enumerate(patients):
        booked(desk, patient.patient_id, TEN + place * HALF_HOUR)
    return [patient.patient_id for patient in patients]


def booked(desk: Desk, patient_id: UUID, start_at: datetime, **more: Any) -> UUID:
    """Told of long ago."""
    visit = desk.visit(patient_id, start_at=start_at, **more)
    desk.hear(told(visit, desk.network_id, BOOKED_AT))
    desk.rows("DELETE FROM texts WHERE lead IS NULL")
    return visit.appointment_id


def when_due(desk: Desk, before: timedelta = timedelta(days=2)) -> None:
    desk.clock.instant = TEN - before


def reminders(desk: Desk, what: str = "status") -> list[Any]:
    return [
        row[what] for row in desk.rows(f"SELECT {what} FROM texts WHERE kind = 'reminder' ORDER BY start_at, text_id")
    ]


def told_events(desk: Desk, kind: str) -> int:
    return len(desk.rows("SELECT 1 FROM outbox WHERE type = %s", kind))
