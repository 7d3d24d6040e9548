"""Which dates of a series could be had. Nothing is written."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.scheduling.domain.commands import CheckSeries
from services.scheduling.domain.errors import AppointmentTypeInactive, ImpossibleSeries
from services.scheduling.domain.places import AppointmentType, Site
from services.scheduling.domain.search import extent_of
from services.scheduling.domain.series import at_wall_clock, days_of_series, wall_clock
from services.scheduling.domain.series_dates import SeriesDate
from services.scheduling.domain.taking import Wish
from services.scheduling.domain.zones import local_day, start_of_day
from services.scheduling.operations.booking_rules import today
from services.scheduling.operations.checking_series import Checking
from services.scheduling.operations.ports import Unit
from shared.clock import Clock


@dataclass(frozen=True)
class CheckedSeries:
    """The dates in order."""

    dates: list[SeriesDate]


def check_series(question: CheckSeries, uow: Unit, clock: Clock, patient_id: UUID | None = None) -> CheckedSeries:
    """Every date with its outcome, and clashes with the free times near them.

    Raises NotFound (site, type, practitioner), PatientUnseen, AppointmentTypeInactive, ImpossibleSeries.
    """
    schedule = uow.schedules.schedule_to_book(
        question.site_id, question.practitioner_id, question.appointment_type_id, question.start_at, patient_id
    )
    if not schedule.kind.active:
        raise AppointmentTypeInactive
    asked = _Asked(question, schedule.site, uow.places.appointment_type(question.appointment_type_id))
    checking = Checking(
        uow=uow,
        today=today(uow, clock),
        site_id=question.site_id,
        appointment_type_id=question.appointment_type_id,
        patient_id=patient_id,
    )
    dates = [asked.checked(day, checking) for day in asked.days()]
    return CheckedSeries(checking.with_proposals(dates))


@dataclass(frozen=True)
class _Asked:
    """What is asked for, at that site and of that type."""

    question: CheckSeries
    site: Site
    kind: AppointmentType

    def days(self) -> list[date]:
        """Raises ImpossibleSeries."""
        question = self.question
        days = days_of_series(question.start_at, question.rrule, question.dates, self.site.zone_info)
        if {choice.on for choice in question.choices} - set(days):
            raise ImpossibleSeries("choices", "must be of days of the series")
        return days

    def checked(self, day: date, checking: Checking) -> SeriesDate:
        choices = {choice.on: choice.instead_at for choice in self.question.choices}
        if day in choices and choices[day] is None:
            return SeriesDate(on=day, outcome="left-out", site_id=self.site.site_id)
        who, wanted = self.question.practitioner_id, choices.get(day) or self._start_on(day)
        if wanted is not None:
            return checking.check(day, who, self._wish(wanted))
        near = start_of_day(day, self.site.zone_info) + wall_clock(self.question.start_at, self.site.zone_info)
        return checking.skipped(day, who, self._wish(near))

    def _wish(self, start_at: datetime) -> Wish:
        """A type may be planned to be another from a day on: each date takes what the type takes on its day."""
        return Wish(start_at=start_at, extent=extent_of(self.kind.on(local_day(start_at, self.site.zone_info))))

    def _start_on(self, day: date) -> datetime | None:
        """By the site's wall clock; None where it skips that time."""
        zone, first = self.site.zone_info, self.question.start_at
        return first if day == first.astimezone(zone).date() else at_wall_clock(day, wall_clock(first, zone), zone)
