"""What an appointment is: its condition, its stage, and how a change of it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from uuid import UUID

from services.scheduling.domain.changes import Change, Standing
from services.scheduling.domain.life import Stage, Status, require, stage_of
from services.scheduling.domain.starts import Extent
from services.scheduling.domain.taking import Seat
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.warnings import Warned
from shared.events.scheduling import AppointmentCondition
from shared.ids import encounter_id_of


@dataclass(kw_only=True)
class AppointmentState:
    """One appointment. `lane` is the lane of its booking; `zone` its site's.

    `arrival_id` and `arrived_at` stay after an undone check-in, so that a visit that was
    finished meanwhile can still be told apart; `is_arrived` says whether they hold. `previous_*` is where the last move
    came from. `resource_ids` are what it takes beside its practitioner; their lanes (`lanes_beside`) are known
    while the time is taken. `cancelled_notice_minutes` counts from the cancellation to the start and is below zero
    after it.
    """

    appointment_id: UUID
    site_id: UUID
    practitioner_id: UUID
    appointment_type_id: UUID
    patient_id: UUID
    status: Status = "booked"
    start_at: datetime
    end_at: datetime
    zone: str
    lane: int
    booked_at: datetime
    previous_start_at: datetime | None = None
    previous_end_at: datetime | None = None
    previous_practitioner_id: UUID | None = None
    previous_site_id: UUID | None = None
    arrival_id: UUID | None = None
    arrived_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_reason: str | None = None
    cancelled_by: str | None = None
    cancelled_notice_minutes: int | None = None
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    noshow_at: datetime | None = None
    walk_in: bool = False
    in_room_at: datetime | None = None
    done_at: datetime | None = None
    room_id: UUID | None = None
    delay_minutes: int | None = None
    series_id: UUID | None = None
    resource_ids: Sequence[UUID] = ()
    set_up_minutes: int = 0
    clean_up_minutes: int = 0
    overbooked_reason: str | None = None
    version: int = 0
    lanes_beside: Sequence[int] = field(default=(), compare=False, repr=False)
    warnings: Sequence[Warned] = field(default=(), compare=False, repr=False)
    events: list[AppointmentCondition] = field(default_factory=list, compare=False, repr=False)
    changes: list[Change] = field(default_factory=list, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._before = self.standing if self.version else None

    @property
    def during(self) -> TimeRange:
        return TimeRange(self.start_at, self.end_at)

    @property
    def extent(self) -> Extent:
        """How long it lasts, and what it takes around that."""
        return Extent(
            length=self.during.length, before=_minutes(self.set_up_minutes), after=_minutes(self.clean_up_minutes)
        )

    @property
    def occupied(self) -> TimeRange:
        """What it takes of its practitioner and of all else."""
        return self.extent.occupied(self.start_at)

    @property
    def takes(self) -> list[UUID]:
        """Everything that it takes: its practitioner first."""
        return [self.practitioner_id, *self.resource_ids]

    def sit(self, seat: Seat) -> None:
        """Takes what was chosen for it; the caller tells the step."""
        self.lane = seat.lane
        self.resource_ids = tuple(taken.resource_id for taken in seat.beside)
        self.lanes_beside = tuple(taken.lane.lane for taken in seat.beside)
        self.overbooked_reason = seat.overbooked_reason

    @property
    def is_arrived(self) -> bool:
        """Whether the check-in holds, so that there is (or will be) an encounter."""
        return self.status in ("arrived", "fulfilled")

    @property
    def encounter_id(self) -> UUID | None:
        """The encounter that the check-in opens in records: known here before it is opened there."""
        return encounter_id_of(self.arrival_id) if self.arrival_id and self.is_arrived else None

    @property
    def stage(self) -> Stage:
        """Its status, told apart further."""
        return stage_of(self.status, self.confirmed_at, self.in_room_at, self.done_at)

    @property
    def standing(self) -> Standing:
        """What its history says of it."""
        return Standing(
            stage=self.stage,
            start_at=self.start_at,
            site_id=self.site_id,
            practitioner_id=self.practitioner_id,
            room_id=self.room_id,
            delay_minutes=self.delay_minutes,
        )

    def require(self, step: str) -> None:
        """Raises the refusal of domain/life.py where the step does not fit."""
        require(step, self.stage)

    def _tell(
        self, step: str, kind: type[AppointmentCondition], reason: str | None = None, by: str | None = None
    ) -> None:
        """The version rises by one; the event tells the new condition and the history gains a line."""
        self.version += 1
        self.events.append(kind(**{each.name: getattr(self, each.name) for each in fields(kind)}))
        after = self.standing
        self.changes.append(
            Change(version=self.version, step=step, before=self._before, after=after, reason=reason, on_behalf_of=by)
        )
        self._before = after


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)
