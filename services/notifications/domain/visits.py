"""What a patient is due to be told about one appointment: the present condition against what was told."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from shared.ids import derived_id

BOOKED = "booked"
RESCHEDULED = "rescheduled"
CANCELLED = "cancelled"
NOSHOW = "noshow"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Our copy of an appointment: its newest known condition. `changed_at` is when that condition came about.

    `zone`: the site's IANA zone. What was kept before reminders were may lack the last four.
    """

    appointment_id: UUID
    version: int
    site_id: UUID
    patient_id: UUID
    status: str
    start_at: datetime
    changed_at: datetime
    zone: str | None = None
    appointment_type_id: UUID | None = None
    confirmed_at: datetime | None = None
    cancelled_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What was told about one appointment, and how many texts were decided (claimed or skipped).

    `told_*` is what the last claimed text said (`told_by` is its id) and `before_*` what was told before it;
    `passed_*` is what the last skipped one would have said. A site that is None is not known: it counts as the visit's.
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
    told_site_id: UUID | None = None
    passed_site_id: UUID | None = None
    before_site_id: UUID | None = None

    def after_telling(
        self, kind: str, start_at: datetime, text_id: UUID | None = None, site_id: UUID | None = None
    ) -> "Telling":
        """With a text of that kind claimed: it counts as told, but where it certainly never left (`without`)."""
        status = CANCELLED if kind == CANCELLED else BOOKED
        told = replace(self, told_status=status, told_start_at=start_at, told_site_id=site_id, told_by=text_id)
        told = replace(told, before_status=self.told_status, before_start_at=self.told_start_at)
        told = replace(told, before_site_id=self.told_site_id)
        # What was passed over before is no longer news that was missed: a visit that comes back there is told again.
        return replace(told, decided=self.decided + 1, passed_kind=None, passed_start_at=None, passed_site_id=None)

    def without(self, text_id: UUID) -> "Telling":
        """With that text's telling taken back; unchanged where another text told something since.

        `decided` stays: the ids of texts follow from it, and no two may be the same.
        """
        if self.told_by != text_id:
            return self
        told = replace(self, told_status=self.before_status, told_start_at=self.before_start_at, told_by=None)
        return replace(told, told_site_id=self.before_site_id)

    def after_passing(self, kind: str, start_at: datetime, site_id: UUID | None = None) -> "Telling":
        """With a text of that kind skipped: the patient knows no more than before."""
        passed = replace(self, passed_kind=kind, passed_start_at=start_at, passed_site_id=site_id)
        return replace(passed, decided=self.decided + 1)


@dataclass(frozen=True, kw_only=True)
class DueText:
    """A text that is due, and its id: the same on every replay and in any order of events. For the rest see Text."""

    text_id: UUID
    appointment_id: UUID
    kind: str
    start_at: datetime
    due_at: datetime
    lead: str | None = None
    run_id: UUID | None = None


def due_text(visit: Visit, telling: Telling) -> DueText | None:
    """The one text that is due for the visit now, if any.

    The id follows from appointment, kind, start and the number of texts decided before, so that a visit
    that moves away and back again is told twice and a repeated event never is.
    """
    kind = _kind_due(visit, telling)
    if kind is None or _was_passed(kind, visit, telling):
        return None
    start = visit.start_at.astimezone(UTC).isoformat()
    text_id = derived_id(visit.appointment_id, f"text/{kind}/{start}/{telling.decided}")
    return DueText(
        text_id=text_id,
        appointment_id=visit.appointment_id,
        kind=kind,
        start_at=visit.start_at,
        due_at=visit.changed_at,
    )


def _kind_due(visit: Visit, telling: Telling) -> str | None:
    if visit.status == BOOKED:
        return _kind_for_booked(visit, telling)
    if visit.status == CANCELLED and telling.told_status == BOOKED:
        return CANCELLED
    return None


def _kind_for_booked(visit: Visit, telling: Telling) -> str | None:
    if telling.told_status != BOOKED:  # nothing told, or told of a cancellation that was undone
        return BOOKED
    is_known = telling.told_start_at == visit.start_at and _is_there(telling.told_site_id, visit)
    return None if is_known else RESCHEDULED


def _was_passed(kind: str, visit: Visit, telling: Telling) -> bool:
    same = (telling.passed_kind, telling.passed_start_at) == (kind, visit.start_at)
    return same and _is_there(telling.passed_site_id, visit)


def _is_there(site_id: UUID | None, visit: Visit) -> bool:
    return site_id in (None, visit.site_id)
