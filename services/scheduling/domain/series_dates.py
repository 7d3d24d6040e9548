"""The dates of a series as they were checked: which can be had, which clash, and what each takes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.lanes import Booking
from services.scheduling.domain.schedule import Schedule
from services.scheduling.domain.taking import Seat, Wish
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.zones import local_day, zone_of

_OPEN = ("proposed", "booked")

# What the clock skips has no time that a schedule could refuse.
TIME_SKIPPED = "time-skipped"


Outcome = Literal["free", "clash", "left-out", "stays"]
# What dates take before it is written, by resource.
Taking = Mapping[UUID, Sequence[Booking]]


@dataclass(frozen=True, kw_only=True)
class SeriesDate:
    """One date. `free`: it can be had (or, of a cancellation, be cancelled); `clash`: it cannot, `reason` is the slug
    and `lacking` what cannot be had beside the practitioner, as a single booking's refusal tells it; `left-out`:
    whoever asks wants none on that day; `stays`: it is left as it is, by choice or for the reason.

    `schedule` is that of a free date, with what the dates before it take; `wish` is the time that was checked.
    """

    on: date
    outcome: Outcome
    site_id: UUID
    start_at: datetime | None = None
    end_at: datetime | None = None
    practitioner_id: UUID | None = None
    appointment_id: UUID | None = None
    reason: str | None = None
    lacking: Sequence[Mapping[str, Any]] = ()
    proposals: Sequence[TimeRange] = ()
    schedule: Schedule | None = None
    wish: Wish | None = None

    @property
    def given(self) -> tuple[Schedule, Wish]:
        """What a free date is taken by. Raises ValueError for others."""
        if self.schedule is None or self.wish is None:
            raise ValueError("a free date has a time and a schedule")
        return self.schedule, self.wish


def as_if(schedule: Schedule, taken: Taking, released: Collection[UUID]) -> Schedule:
    """The schedule as if these had their time too, of all that they take, and the released appointments none."""

    def of(resource_id: UUID, known: Sequence[Booking]) -> tuple[Booking, ...]:
        return (*(each for each in known if each.taken_by not in released), *taken.get(resource_id, ()))

    return replace(
        schedule,
        taken=of(schedule.hours.practitioner_id, schedule.taken),
        others=[replace(each, taken=of(each.resource_id, each.taken)) for each in schedule.others or ()],
        visits=[each for each in schedule.visits if each.appointment_id not in released],
    )


def bookings_of(appointment_id: UUID, schedule: Schedule, wish: Wish, seat: Seat) -> Iterator[tuple[UUID, Booking]]:
    """The time that a date takes of each resource, before it is written."""
    lanes = {schedule.hours.practitioner_id: seat.lane}
    lanes |= {each.resource_id: each.lane.lane for each in seat.beside}
    for resource_id, lane in lanes.items():
        site_id = schedule.site.site_id
        yield resource_id, Booking(taken_by=appointment_id, site_id=site_id, lane=lane, during=wish.occupied)


def is_changeable(appointment: Appointment, now: datetime) -> bool:
    """Whether a change of its series concerns it: what has begun, is over or is off stays as it is."""
    return appointment.status in _OPEN and appointment.start_at > now


def staying(appointment: Appointment, now: datetime) -> SeriesDate:
    """A date that is left as it is: by choice, or for its state, or since its time has come."""
    reason = None
    if not is_changeable(appointment, now):
        reason = "time-has-come" if appointment.status in _OPEN else appointment.status
    return SeriesDate(
        on=local_day(appointment.start_at, zone_of(appointment.zone)),
        outcome="stays",
        site_id=appointment.site_id,
        start_at=appointment.start_at,
        end_at=appointment.end_at,
        practitioner_id=appointment.practitioner_id,
        appointment_id=appointment.appointment_id,
        reason=reason,
    )
