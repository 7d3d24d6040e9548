"""When practitioners work and sites are open, and which times are asked for."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.scheduling.domain.opening import OpeningWeek
from services.scheduling.domain.patterns import Pattern, Stay
from services.scheduling.domain.spans import Span
from services.scheduling.domain.time_exceptions import ClosedKind, WorkingKind
from services.scheduling.domain.weeks import WeeklyHours


@dataclass(frozen=True, kw_only=True)
class SetWorkingHours:
    """Replaces a practitioner's week and patterns at a site; what is in force before `from_on` stays, where given."""

    practitioner_id: UUID
    site_id: UUID
    lanes: int
    weekly: tuple[WeeklyHours, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    from_on: date | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class SetStays:
    """On which days a practitioner works at a site at all; none given: on all."""

    practitioner_id: UUID
    site_id: UUID
    stays: tuple[Stay, ...]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class SetOpeningHours:
    """Replaces a site's opening hours, each week with the day from which it is in force."""

    site_id: UUID
    weeks: tuple[OpeningWeek, ...]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class AddWorkingException:
    """Extra time, leave or blocked time of a practitioner, or blocked time of a room or a device."""

    kind: WorkingKind
    span: Span
    practitioner_id: UUID | None = None
    resource_id: UUID | None = None
    site_id: UUID | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class AddClosure:
    """A holiday or another closure of a whole site."""

    site_id: UUID
    kind: ClosedKind
    span: Span
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class RemoveException:
    """The exception was a mistake, or is over before its end."""

    exception_id: UUID


@dataclass(frozen=True, kw_only=True)
class FindFreeTimes:
    """What can be offered from a local day on, at most `limit` times within `days` days; those after `after`."""

    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    from_on: date | None
    days: int
    limit: int
    after: datetime | None = None
