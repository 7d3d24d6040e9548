"""What a patient is due to be told about one appointment: the present condition against what was told."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from shared.ids import derived_id

BOOKED = "booked"
RESCHEDULED = "rescheduled"
CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Our copy of an appointment: its newest known condition. `changed_at` is when that condition came about."""

    appointment_id: UUID
    version: int
    site_id: UUID
    patient_id: UUID
    status: str
    start_at: datetime
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What was told about one appointment, and how many texts were decided (claimed or skipped).

    `told_*` is what the last claimed text said (`told_by` is its id) and `before_*` what was told before it;
    `passed_*` is what the last skipped one would have said.
    """

    appointment_id: UUID
    decided: int = 0
    told_status: str | None = None
    told_start_at: datetime | None = None
    passed_kind: str | None = None
    passed_start_at: datetime | None = None
    told_by: UUID | None = None
    before_status: str | None = None
    before_start_at: datetime | None = None

    def after_telling(self, kind: str, start_at: datetime, text_id: UUID | None = None) -> "Telling":
        """With a text of that kind claimed: it counts as told, but where it certainly never left (`without`)."""
        status = CANCELLED if kind == CANCELLED else BOOKED
        told = replace(self, told_status=status, told_start_at=start_at, told_by=text_id)
        told = replace(told, before_status=self.told_status, before_start_at=self.told_start_at)
        # What was passed over before is no longer news that was missed: a visit that comes back there is told again.
        return replace(told, decided=self.decided + 1, passed_kind=None, passed_start_at=None)

    def without(self, text_id: UUID) -> "Telling":
        """With that text's telling taken back; unchanged where another text told something since.

        `decided` stays: the ids of texts follow from it, and no two may be the same.
        """
        if self.told_by != text_id:
            return self
        return replace(self, told_status=self.before_status, told_start_at=self.before_start_at, told_by=None)

    def after_passing(self, kind: str, start_at: datetime) -> "Telling":
        """With a text of that kind skipped: the patient knows no more than before."""
        return replace(self, decided=self.decided + 1, passed_kind=kind, passed_start_at=start_at)


@dataclass(frozen=True, kw_only=True)
class DueText:
    """A text that is due, and its id: the same on every replay and in any order of events."""

    text_id: UUID
    appointment_id: UUID
    kind: str
    start_at: datetime


def due_text(visit: Visit, telling: Telling) -> DueText | None:
    """The one text that is due for the visit now, if any.

    The id follows from appointment, kind, start and the number of texts decided before, so that a visit
    that moves away and back again is told twice and a repeated event never is.
    """
    kind = _kind_due(visit, telling)
    if kind is None or _was_passed(kind, visit.start_at, telling):
        return None
    start = visit.start_at.astimezone(UTC).isoformat()
    text_id = derived_id(visit.appointment_id, f"text/{kind}/{start}/{telling.decided}")
    return DueText(text_id=text_id, appointment_id=visit.appointment_id, kind=kind, start_at=visit.start_at)


def _kind_due(visit: Visit, telling: Telling) -> str | None:
    if visit.status == BOOKED:
        return _kind_for_booked(visit, telling)
    if visit.status == CANCELLED and telling.told_status == BOOKED:
        return CANCELLED
    return None


def _kind_for_booked(visit: Visit, telling: Telling) -> str | None:
    if telling.told_status != BOOKED:  # nothing told, or told of a cancellation that was undone
        return BOOKED
    return None if telling.told_start_at == visit.start_at else RESCHEDULED


def _was_passed(kind: str, start_at: datetime, telling: Telling) -> bool:
    return (telling.passed_kind, telling.passed_start_at) == (kind, start_at)
