"""What a patient is asked by text beside her booked visits, and what is due to her of it by its newest condition."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.ids import derived_id

WAITLIST_OFFER = "waitlist-offer"
WAITLIST_LOST = "waitlist-lost"
RESCHEDULE_PROPOSAL = "reschedule-proposal"
RESCHEDULE_CALL = "reschedule-call"
RESCHEDULE_WITHDRAWN = "reschedule-withdrawn"

# Those that ask; the others tell what became of it.
QUESTIONS = (WAITLIST_OFFER, RESCHEDULE_PROPOSAL)

# So long it is worth a text that somebody will call.
_STILL_NEWS = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What became of the question that was texted last: whether it may have come, and whether a yes was said to it.

    `stands`: the visit that it was about is still booked where it was.
    """

    was_asked: bool = False
    said_yes: bool = False
    stands: bool = False


@dataclass(frozen=True, kw_only=True)
class DueAsk:
    """A text that is due about one, and its id: the same on every replay and in any order of events."""

    text_id: UUID
    asked_id: UUID
    appointment_id: UUID | None
    patient_id: UUID
    site_id: UUID
    kind: str
    start_at: datetime
    due_at: datetime
    of_use_until: datetime
    place_id: UUID | None = None
    run_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Our copy of a waitlist offer: a time at `site_id` that can be had until `expires_at`.

    `status`: offered, accepted, declined, expired or lost. `appointment_id`: the later visit that would be moved.
    `changed_at` is when this condition came about.
    """

    offer_id: UUID
    version: int
    status: str
    site_id: UUID
    patient_id: UUID
    appointment_id: UUID | None
    start_at: datetime
    expires_at: datetime
    changed_at: datetime

    @property
    def asked_id(self) -> UUID:
        return self.offer_id

    @property
    def is_open(self) -> bool:
        """Whether the patient is still to be asked, or to answer."""
        return self.status == "offered"

    def due(self, asked: Asked) -> DueAsk | None:
        """The one text that is due about it now, if any: each at most once.

        That the time is gone is told to whoever was asked and lost it to another, and to whoever said yes too late.
        """
        if self.is_open:
            return self._due(WAITLIST_OFFER)
        is_news = asked.was_asked if self.status == "lost" else asked.said_yes and self.status == "expired"
        return self._due(WAITLIST_LOST) if is_news else None

    def _due(self, kind: str) -> DueAsk:
        return DueAsk(
            text_id=derived_id(self.offer_id, f"text/{kind}"),
            asked_id=self.offer_id,
            appointment_id=None,
            patient_id=self.patient_id,
            site_id=self.site_id,
            kind=kind,
            start_at=self.start_at,
            of_use_until=self.expires_at if kind == WAITLIST_OFFER else self.start_at,
            due_at=self.changed_at,
        )


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Our copy of a visit's place on a reschedule list: it cannot take place at `start_at`, at `site_id`.

    `state`: offered, moved, declined, to-call, cancelled or withdrawn. `proposed_at`, at `proposed_site_id`: the best
    of the times that it could have instead. `listed_at` is new where it came to stand on the list again.
    """

    reschedule_id: UUID
    version: int
    state: str
    site_id: UUID
    patient_id: UUID
    appointment_id: UUID
    start_at: datetime
    listed_at: datetime
    proposed_at: datetime | None
    proposed_site_id: UUID | None
    changed_at: datetime

    @property
    def asked_id(self) -> UUID:
        return self.reschedule_id

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to find another time with the patient."""
        return self.state in ("offered", "declined", "to-call")

    def due(self, asked: Asked) -> DueAsk | None:
        """The one text that is due about it now, if any: each proposal is asked once.

        Who took a time that was gone hears that somebody calls, and who was asked that the visit takes place after
        all. That it has another time, or is cancelled, is told by the visit's own text.
        """
        if self.state == "offered" and self.proposed_at:
            when, where = self.proposed_at, self.proposed_site_id
            return self._due(RESCHEDULE_PROPOSAL, f"/{when.astimezone(UTC).isoformat()}/{where}", when, when, where)
        if self.state == "to-call" and asked.said_yes:
            return self._due(RESCHEDULE_CALL, "", self.start_at, self.changed_at + _STILL_NEWS)
        if self.state == "withdrawn" and asked.was_asked and asked.stands:
            return self._due(RESCHEDULE_WITHDRAWN, "", self.start_at, self.start_at)
        return None

    def _due(
        self, kind: str, which: str, start_at: datetime, of_use_until: datetime, place_id: UUID | None = None
    ) -> DueAsk:
        return DueAsk(
            text_id=derived_id(self.reschedule_id, f"text/{kind}/{self.listed_at.astimezone(UTC).isoformat()}{which}"),
            asked_id=self.reschedule_id,
            appointment_id=self.appointment_id,
            patient_id=self.patient_id,
            site_id=self.site_id,
            kind=kind,
            start_at=start_at,
            of_use_until=of_use_until,
            due_at=self.changed_at,
            place_id=place_id,
        )


Ask = Offer | Listed
