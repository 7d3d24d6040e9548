"""The facts that scheduling tells of visits that cannot take place as booked: their places on a reschedule list."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.base import Condition


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A time that the visit could have instead, by the wall clock of `zone`."""

    start_at: datetime
    end_at: datetime
    practitioner_id: UUID
    site_id: UUID
    zone: str


@dataclass(frozen=True, kw_only=True)
class RescheduleCondition(Condition):
    """One visit on the list of one absence. `state`: offered, moved, declined, to-call, cancelled, or withdrawn.

    The visit is named as it was when it was put on the list. `proposals` are ranked, the best first, and empty where
    there is none; the last of them lapses at `expires_at`. Why somebody is absent is not told.
    """

    source = "scheduling"
    aggregate = "reschedule"
    subject_field = "reschedule_id"

    reschedule_id: UUID
    appointment_id: UUID
    site_id: UUID
    patient_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    state: str
    start_at: datetime
    end_at: datetime
    zone: str
    proposals: tuple[Proposal, ...]
    expires_at: datetime | None
    listed_at: datetime


@dataclass(frozen=True, kw_only=True)
class RescheduleOffered(RescheduleCondition):
    """The visit is on the list and other times are proposed; told again with the next proposals."""

    type = "reschedule-offered"


@dataclass(frozen=True, kw_only=True)
class RescheduleToCall(RescheduleCondition):
    """Somebody has to call the patient."""

    type = "reschedule-to-call"


@dataclass(frozen=True, kw_only=True)
class RescheduleDeclined(RescheduleCondition):
    """The patient takes none of the times that were proposed."""

    type = "reschedule-declined"


@dataclass(frozen=True, kw_only=True)
class RescheduleMoved(RescheduleCondition):
    """The visit has another time; the appointment's own event says which."""

    type = "reschedule-moved"


@dataclass(frozen=True, kw_only=True)
class RescheduleCancelled(RescheduleCondition):
    """The visit is cancelled."""

    type = "reschedule-cancelled"


@dataclass(frozen=True, kw_only=True)
class RescheduleWithdrawn(RescheduleCondition):
    """The absence was undone: the visit stays as it was, and nothing is proposed any more."""

    type = "reschedule-withdrawn"
