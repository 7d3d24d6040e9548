"""A reschedule list: the visits that an absence touches, and what becomes of each.

    offered, declined, to-call     open: the visit still stands where it cannot take place
    moved, cancelled, withdrawn    settled; withdrawn where the absence was undone, and then it is not counted

Each change raises `version` by one and leaves the event that tells the new condition.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from services.scheduling.domain.errors import NoSuchProposal, RescheduleSettled
from services.scheduling.domain.time_range import TimeRange
from shared.events.rescheduling import (
    Proposal,
    RescheduleCancelled,
    RescheduleCondition,
    RescheduleDeclined,
    RescheduleMoved,
    RescheduleOffered,
    RescheduleToCall,
    RescheduleWithdrawn,
)

State = Literal["offered", "moved", "declined", "to-call", "cancelled", "withdrawn"]
STATES: tuple[State, ...] = get_args(State)
OPEN: tuple[State, ...] = ("offered", "declined", "to-call")

_TOLD: Mapping[State, type[RescheduleCondition]] = {
    "offered": RescheduleOffered,
    "to-call": RescheduleToCall,
    "declined": RescheduleDeclined,
    "moved": RescheduleMoved,
    "cancelled": RescheduleCancelled,
    "withdrawn": RescheduleWithdrawn,
}


@dataclass(kw_only=True)
class Reschedule:
    """One visit on the list of one absence, named as it was booked when it was put there.

    `refused` are times that the patient did not want, or lost to another: they are not proposed again. `expires_at` is
    when the last of the proposals lapses. `sites_seen`: the sites of who asks (None: every site), who takes no proposal
    at another.
    """

    reschedule_id: UUID
    absence_id: UUID
    appointment_id: UUID
    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    patient_id: UUID
    start_at: datetime
    end_at: datetime
    zone: str
    listed_at: datetime
    state: State = "to-call"
    proposals: tuple[Proposal, ...] = ()
    refused: tuple[Proposal, ...] = ()
    expires_at: datetime | None = None
    version: int = 0
    sites_seen: frozenset[UUID] | None = field(default=None, compare=False, repr=False)
    events: list[RescheduleCondition] = field(default_factory=list, compare=False, repr=False)

    @property
    def during(self) -> TimeRange:
        return TimeRange(self.start_at, self.end_at)

    @property
    def numbered(self) -> list[dict[str, Any]]:
        """The proposals with the numbers by which they are accepted."""
        return numbered(self.proposals, self.sites_seen)

    @property
    def is_open(self) -> bool:
        """Whether the visit still has to be moved or cancelled."""
        return self.state in OPEN

    def offer(self, proposals: Sequence[Proposal], expires_at: datetime | None) -> None:
        """Proposes these; where there are none, somebody has to call."""
        self._become("offered" if proposals else "to-call", proposals, expires_at if proposals else None)

    def proposal(self, number: int) -> Proposal:
        """The proposal of that number, from 1. Raises RescheduleSettled, NoSuchProposal."""
        self.require_open()
        seen = {place: each for place, each in enumerate(self.proposals, start=1) if _is_at(each, self.sites_seen)}
        if number not in seen:
            raise NoSuchProposal({"proposals": shown(seen.values())})
        return seen[number]

    def proposed(self, start_at: datetime | None, site_id: UUID | None) -> tuple[Proposal, ...]:
        """The proposals that begin then and there, the best first: colleagues may have the same time. None of them
        where it is off the list."""
        same = (each for each in self.proposals if (each.start_at, each.site_id) == (start_at, site_id))
        return tuple(same) if self.is_open else ()

    def asks(self, reschedule_id: UUID | None, start_at: datetime | None, site_id: UUID | None) -> bool:
        """Whether that is what stands proposed first: the one that a text asks about."""
        best = [(each.start_at, each.site_id) for each in self.proposals[:1]]
        return self.reschedule_id == reschedule_id and best == [(start_at, site_id)]

    def lose(self, proposals: Iterable[Proposal]) -> None:
        """Others have these times: they are not proposed again. Other proposals or a call have to follow, which tell
        it."""
        self.require_open()
        self.refused = (*self.refused, *proposals)

    def move(self) -> None:
        """The visit has another time. Raises RescheduleSettled."""
        self._settle("moved")

    def cancel(self) -> None:
        """The visit is cancelled. Raises RescheduleSettled."""
        self._settle("cancelled")

    def withdraw(self) -> None:
        """The visit can take place as it was. Raises RescheduleSettled."""
        self._settle("withdrawn")

    def decline(self) -> None:
        """The patient takes none of the proposals. Raises RescheduleSettled."""
        self.refuse_proposals()
        self._become("declined")

    def refuse_proposals(self) -> None:
        """What was proposed is not proposed again. Raises RescheduleSettled."""
        self.require_open()
        self.refused, self.proposals, self.expires_at = (*self.refused, *self.proposals), (), None

    def call(self) -> None:
        """Somebody has to call; the proposals stay, to be named on the telephone. Raises RescheduleSettled."""
        self.require_open()
        self._become("to-call", self.proposals, self.expires_at)

    def lapse(self) -> None:
        """Nobody answered while the proposals could be had: somebody has to call. Raises RescheduleSettled."""
        self.require_open()
        self._become("to-call")

    def relist(
        self, now: datetime, *, site_id: UUID, zone: str, practitioner_id: UUID, start_at: datetime, end_at: datetime
    ) -> None:
        """The visit, once moved or cancelled, stands again where it cannot take place: as it is booked now.

        An offer or a call has to follow, which tells it.
        """
        self.state, self.proposals, self.expires_at = "to-call", (), None
        self.site_id, self.zone, self.practitioner_id = site_id, zone, practitioner_id
        self.start_at, self.end_at = start_at, end_at
        self.listed_at, self.refused = now, ()

    def require_open(self) -> None:
        """Raises RescheduleSettled where it is off the list."""
        if not self.is_open:
            raise RescheduleSettled({"state": self.state})

    def _settle(self, state: State) -> None:
        self.require_open()
        self._become(state)

    def _become(self, state: State, proposals: Sequence[Proposal] = (), expires_at: datetime | None = None) -> None:
        self.state, self.proposals, self.expires_at = state, tuple(proposals), expires_at
        self.version += 1
        kind = _TOLD[state]
        self.events.append(kind(**{each.name: getattr(self, each.name) for each in fields(kind)}))


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many visits of a list are in each state. `touched` is the sum of all but `withdrawn`."""

    offered: int = 0
    moved: int = 0
    declined: int = 0
    to_call: int = 0
    cancelled: int = 0
    withdrawn: int = 0

    @property
    def touched(self) -> int:
        return self.offered + self.moved + self.declined + self.to_call + self.cancelled


def numbered(proposals: Sequence[Proposal], sites_seen: frozenset[UUID] | None) -> list[dict[str, Any]]:
    """Those at the sites that are seen, by the numbers that they have among all."""
    return [
        {"number": number, **vars(each)} for number, each in enumerate(proposals, start=1) if _is_at(each, sites_seen)
    ]


def _is_at(proposal: Proposal, sites: frozenset[UUID] | None) -> bool:
    return sites is None or proposal.site_id in sites


def shown(proposals: Iterable[Proposal]) -> list[dict[str, str]]:
    """Proposals as a refusal's details hold them."""
    return [
        {
            "start_at": _stamp(each.start_at),
            "end_at": _stamp(each.end_at),
            "practitioner_id": str(each.practitioner_id),
            "site_id": str(each.site_id),
            "zone": each.zone,
        }
        for each in proposals
    ]


def _stamp(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
