"""The book that is filled: who is booked where and when, the same for the product and for its baseline."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Any

from bench.visits import stamp

LENGTH = timedelta(minutes=15)
_DAY = timedelta(days=1)
# Whoever books is told of the patient's other visits of that day, so nobody has more of them than patients have: a turn
# of all practitioners is on one day, the next on the next.
DAYS = 181


@dataclass
class Book:
    """Free quarter hours of many practitioners, from tomorrow on; each is given out once.

    The next time is the next practitioner's, so that callers at the same moment seldom want the same person's time.
    """

    site_id: str
    appointment_type_id: str
    practitioners: Sequence[str]
    patients: Sequence[str]
    _places: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self._opens_at = today + timedelta(days=2)

    def next_bodies(self, number: int) -> list[dict[str, Any]]:
        """That many bookings that nobody has asked for yet."""
        return [self._body(place) for place in islice(self._places, number)]

    def _body(self, place: int) -> dict[str, Any]:
        turn, practitioner = divmod(place, len(self.practitioners))
        quarter, day = divmod(turn, DAYS)
        return {
            "site_id": self.site_id,
            "practitioner_id": self.practitioners[practitioner],
            "appointment_type_id": self.appointment_type_id,
            "patient_id": self.patients[place % len(self.patients)],
            "start_at": stamp(self._opens_at + day * _DAY + quarter * LENGTH),
        }
