"""Absences and what is done with the visits that they touch. Instants are aware, in UTC; `version` is the If-Match.

`within_miles`: how far from its own site a visit may be proposed another (None: as it stands, 25 at first; 0: at none).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class MarkAbsent:
    """The practitioner does not come from one instant to another, at whatever site."""

    practitioner_id: UUID
    from_at: datetime
    until_at: datetime
    reason: str
    within_miles: int | None = None


@dataclass(frozen=True, kw_only=True)
class CloseSite:
    """Nobody can be seen at the site from one instant to another."""

    site_id: UUID
    from_at: datetime
    until_at: datetime
    reason: str
    within_miles: int | None = None


@dataclass(frozen=True, kw_only=True)
class UndoAbsence:
    """He came after all; the site is open after all."""

    absence_id: UUID
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class AcceptProposal:
    """The patient takes the proposal of that number, from 1."""

    reschedule_id: UUID
    number: int = 1
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class DeclineProposals:
    """The patient takes none. `then`: the next proposals, a call, or neither (None)."""

    reschedule_id: UUID
    then: Literal["proposals", "call"] | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class PickTime:
    """Another time than those proposed, with the same practitioner and at the same site where none is named."""

    reschedule_id: UUID
    start_at: datetime
    site_id: UUID | None = None
    practitioner_id: UUID | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class CancelListed:
    """The visit will not take place at all."""

    reschedule_id: UUID
    reason: str
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class MarkToCall:
    """Somebody has to call the patient."""

    reschedule_id: UUID
    version: int | None = None
