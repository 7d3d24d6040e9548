"""A freed time offered to somebody who waits.

offered -> accepted     the time is the patient's
        -> declined     "not for this visit": it is not offered again, the next in line is asked
        -> expired      nobody answered in time; otherwise the same
        -> lost         the time went to another, or the patient waits no more
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from services.scheduling.domain.errors import OfferClosed, OfferExpired
from services.scheduling.domain.starts import Extent
from services.scheduling.domain.time_range import TimeRange
from shared.errors import require_version
from shared.events.scheduling import (
    WaitlistAccepted,
    WaitlistDeclined,
    WaitlistExpired,
    WaitlistLost,
    WaitlistOfferCondition,
    WaitlistOffered,
)

OfferState = Literal["offered", "accepted", "declined", "expired", "lost"]
OFFER_STATES: tuple[OfferState, ...] = get_args(OfferState)
_TELLS: dict[str, type[WaitlistOfferCondition]] = {
    "accepted": WaitlistAccepted,
    "declined": WaitlistDeclined,
    "expired": WaitlistExpired,
    "lost": WaitlistLost,
}


@dataclass(kw_only=True)
class WaitlistOffer:
    """One offer. `group_id`: those that were asked together have the same; `hold_id`: what keeps its time, None where
    the first to answer has it. `appointment_id` and `earlier_than`: the later visit that would be moved, and its start
    when the offer was made. `booked_id`: the appointment that came of it.

    `resource_ids`: what it takes beside the practitioner, like him from its set-up to its clean-up; where nothing is
    held it is what was free when the offer was made.
    """

    offer_id: UUID
    group_id: UUID
    entry_id: UUID
    patient_id: UUID
    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    appointment_id: UUID | None
    earlier_than: datetime | None
    start_at: datetime
    end_at: datetime
    zone: str
    hold_id: UUID | None
    offered_at: datetime
    expires_at: datetime
    state: OfferState = "offered"
    closed_at: datetime | None = None
    booked_id: UUID | None = None
    version: int = 0
    resource_ids: Sequence[UUID] = ()
    set_up_minutes: int = 0
    clean_up_minutes: int = 0
    events: list[WaitlistOfferCondition] = field(default_factory=list, compare=False, repr=False)

    @property
    def during(self) -> TimeRange:
        return TimeRange(self.start_at, self.end_at)

    @property
    def takes(self) -> list[UUID]:
        """Everything that it takes."""
        return [self.practitioner_id, *self.resource_ids]

    @property
    def extent(self) -> Extent:
        """What it takes around its start."""
        around = timedelta(minutes=self.set_up_minutes), timedelta(minutes=self.clean_up_minutes)
        return Extent(length=self.during.length, before=around[0], after=around[1])

    @property
    def occupied(self) -> TimeRange:
        """The time that it takes of all of them: that of the visit, with set-up and clean-up."""
        return self.extent.occupied(self.start_at)

    @property
    def is_held(self) -> bool:
        """Whether the time is kept for this patient alone."""
        return self.hold_id is not None

    @property
    def is_open(self) -> bool:
        return self.state == "offered"

    def offer(self) -> None:
        """Tells of a new offer."""
        self._tell(WaitlistOffered)

    def require_answerable(self, version: int | None, now: datetime) -> None:
        """Raises OfferClosed, OfferExpired and Stale; an offer is over at `expires_at`, whoever has noticed."""
        if not self.is_open:
            raise OfferClosed({"state": self.state})
        if self.expires_at <= now:
            raise OfferExpired
        require_version(version, self.version)

    def accept(self, booked_id: UUID, now: datetime) -> None:
        """The time is the patient's, by that appointment."""
        self.booked_id = booked_id
        self._close("accepted", now)

    def close(self, state: OfferState, now: datetime) -> None:
        """Declined, expired or lost."""
        self._close(state, now)

    def _close(self, state: OfferState, now: datetime) -> None:
        self.state, self.closed_at = state, now
        self._tell(_TELLS[state])

    def _tell(self, kind: type[WaitlistOfferCondition]) -> None:
        self.version += 1
        told = {each.name: getattr(self, each.name) for each in fields(kind) if each.name != "status"}
        self.events.append(kind(**told, status=self.state))
