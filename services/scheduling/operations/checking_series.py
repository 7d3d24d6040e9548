"""Every date of a series is checked before any is written, each against what the others take."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.errors import SeriesClashes, SeriesEmpty
from services.scheduling.domain.lanes import Booking
from services.scheduling.domain.near_times import nearest_free_times, wish_around
from services.scheduling.domain.schedule import Schedule, Today, stamp
from services.scheduling.domain.series_dates import TIME_SKIPPED, SeriesDate, as_if, bookings_of
from services.scheduling.domain.taking import Wish
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.taking_time import OF_THE_TIME
from shared.errors import Refused
from shared.ids import new_id

# Why a date clashes that may be had at another time.
_ANOTHER_TIME_MAY_DO = frozenset([TIME_SKIPPED, *(each.slug for each in OF_THE_TIME)])


@dataclass(kw_only=True)
class Checking:
    """Checks dates of one type, one after another, by the rules of a single booking: new ones at one site, appointments
    at their own.

    `released`: appointments that give up their time for these. `patient_id` None: nobody's yet.
    """

    uow: Unit
    today: Today
    site_id: UUID
    appointment_type_id: UUID
    patient_id: UUID | None
    released: set[UUID] = field(default_factory=set)
    _taken: dict[UUID, list[Booking]] = field(default_factory=lambda: defaultdict(list))

    def check(self, on: date, practitioner_id: UUID, wish: Wish, appointment: Appointment | None = None) -> SeriesDate:
        """The date, free or clashing: a new one, or where that appointment goes. A free one takes its time, of all
        that it needs, from those that come after it."""
        found = SeriesDate(
            on=on,
            outcome="free",
            site_id=self._site_of(appointment),
            start_at=wish.visit.start_at,
            end_at=wish.visit.end_at,
            practitioner_id=practitioner_id,
            appointment_id=appointment.appointment_id if appointment else None,
            wish=wish,
        )
        schedule = self._schedule(found.site_id, practitioner_id, wish)
        try:
            seat = schedule.seat_for(wish, self.today, anew=appointment is None)
        except Refused as no:
            return replace(found, outcome="clash", reason=no.slug, lacking=no.details.get("needs", ()))
        for resource_id, booking in bookings_of(found.appointment_id or new_id(), schedule, wish, seat):
            self._taken[resource_id].append(booking)
        return replace(found, schedule=schedule)

    def skipped(
        self, on: date, practitioner_id: UUID, near: Wish, appointment: Appointment | None = None
    ) -> SeriesDate:
        """A date whose time the site's clock skips that day."""
        return SeriesDate(
            on=on,
            outcome="clash",
            site_id=self._site_of(appointment),
            practitioner_id=practitioner_id,
            appointment_id=appointment.appointment_id if appointment else None,
            reason=TIME_SKIPPED,
            wish=near,
        )

    def with_proposals(self, dates: Sequence[SeriesDate]) -> list[SeriesDate]:
        """The dates; those that clash with the free times near them that no other date takes."""
        return [self._with_proposals(each) if each.reason in _ANOTHER_TIME_MAY_DO else each for each in dates]

    def _with_proposals(self, clash: SeriesDate) -> SeriesDate:
        if clash.wish is None or clash.practitioner_id is None:
            return clash
        around = wish_around(clash.wish, self._schedule(clash.site_id, clash.practitioner_id, clash.wish))
        whole = self._schedule(clash.site_id, clash.practitioner_id, around)
        others = [each.resource_id for each in whole.others or ()]
        hours = self.uow.schedules.hours_at(clash.site_id, around.occupied.start_at, others) if others else {}
        return replace(clash, proposals=nearest_free_times(whole, hours, clash.wish, self.today))

    def _site_of(self, appointment: Appointment | None) -> UUID:
        return appointment.site_id if appointment else self.site_id

    def _schedule(self, site_id: UUID, practitioner_id: UUID, wish: Wish) -> Schedule:
        found = self.uow.schedules.schedule_to_move(
            site_id, practitioner_id, self.appointment_type_id, self.patient_id, wish
        )
        return as_if(found, self._taken, self.released)


def require_all_free(dates: Sequence[SeriesDate]) -> None:
    """Raises SeriesClashes for dates that no choice says anything of, SeriesEmpty where none is free."""
    if clashes := [_told(each) for each in dates if each.outcome == "clash"]:
        raise SeriesClashes({"clashes": clashes})
    if not any(each.outcome == "free" for each in dates):
        raise SeriesEmpty


def _told(clash: SeriesDate) -> dict[str, Any]:
    return {
        "on": clash.on.isoformat(),
        "start_at": _stamp(clash.start_at),
        "appointment_id": str(clash.appointment_id) if clash.appointment_id else None,
        "reason": clash.reason,
        "needs": list(clash.lacking),
        "next_free_times": [{"start_at": stamp(it.start_at), "end_at": stamp(it.end_at)} for it in clash.proposals],
    }


def _stamp(instant: datetime | None) -> str | None:
    return stamp(instant) if instant else None
