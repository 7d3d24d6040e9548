"""What deviates from working time and opening hours: extra time, leave, blocked time; holidays and closures."""

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from services.scheduling.domain.spans import Span

WorkingKind = Literal["extra", "leave", "blocked"]
ClosedKind = Literal["holiday", "closure"]
WORKING_KINDS: tuple[WorkingKind, ...] = get_args(WorkingKind)
CLOSED_KINDS: tuple[ClosedKind, ...] = get_args(ClosedKind)


@dataclass(frozen=True, kw_only=True)
class TimeException:
    """One span of extra time, leave or blocked time of a resource; or (no resource) of a closed site.

    `site_id` None: leave at every site where the practitioner works, by each site's own days.
    """

    exception_id: UUID
    kind: WorkingKind | ClosedKind
    span: Span
    site_id: UUID | None
    resource_id: UUID | None = None
    reason: str | None = None
