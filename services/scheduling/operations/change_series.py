"""Changing a series: one date, this and the following, or all; every date is checked first, and all move or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import ChangeSeries
from services.scheduling.domain.errors import ImpossibleSeries
from services.scheduling.domain.schedule import Today
from services.scheduling.domain.series import at_wall_clock, wall_clock
from services.scheduling.domain.series_dates import SeriesDate, is_changeable, staying
from services.scheduling.domain.taking import Wish
from services.scheduling.domain.zones import local_day, start_of_day, zone_of
from services.scheduling.operations.booking_rules import today
from services.scheduling.operations.checking_series import Checking, require_all_free
from services.scheduling.operations.leave_list import leave_list
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.series_answers import Answer, answer
from services.scheduling.operations.series_reach import locked_within_reach, require_practitioner
from services.scheduling.operations.taking_time import clear_away
from shared.clock import Clock


def change_series(command: ChangeSeries, uow: Unit, clock: Clock) -> Answer:
    """Moves what is within reach, with all that it takes: each keeps what it has where that is free then. What has
    begun, is over or is off stays, and is named as such.

    Raises NotFound, Stale, NotOfSeries, ImpossibleSeries, SeriesClashes, SeriesEmpty. Lock order: the series' row, its
    appointments by their ids, resources sorted.
    """
    with uow:
        require_practitioner(command, uow)
        series, appointments = locked_within_reach(command, uow)
        whose = {one for each in appointments for one in each.takes} | {
            command.practitioner_id or series.practitioner_id
        }
        sites = sorted({series.site_id, *(each.site_id for each in appointments)})
        uow.schedules.lock_what_is_needed([(site_id, series.appointment_type_id) for site_id in sites], sorted(whose))
        day = today(uow, clock)
        dates = dates_after_change(command, appointments, uow, day)
        require_all_free(dates)
        moved = _moved(dates, appointments, uow, day)
        series = series.changed()
        uow.series.change(series)
        uow.audit("change_series", "series", series.series_id, site_id=series.site_id, patient_id=series.patient_id)
        return uow.commit(answer(series, moved, dates))


def dates_after_change(
    command: ChangeSeries, appointments: Sequence[Appointment], uow: Unit, day: Today
) -> list[SeriesDate]:
    """What would become of each of the appointments. Raises ImpossibleSeries for a choice about none of them."""
    choices = {choice.appointment_id: choice.instead_at for choice in command.choices}
    if choices.keys() - {each.appointment_id for each in appointments}:
        raise ImpossibleSeries("choices", "must be of appointments that the change is about")
    left = {each for each, instead_at in choices.items() if instead_at is None}
    moving = {
        each.appointment_id for each in appointments if is_changeable(each, day.now) and each.appointment_id not in left
    }
    named = next(each for each in appointments if each.appointment_id == command.appointment_id)
    checking = Checking(
        uow=uow,
        today=day,
        site_id=named.site_id,
        appointment_type_id=named.appointment_type_id,
        patient_id=named.patient_id,
        released=moving,
    )
    change = _Change(command, named)
    dates = [
        change.date(each, choices.get(each.appointment_id), checking)
        if each.appointment_id in moving
        else staying(each, day.now)
        for each in appointments
    ]
    return checking.with_proposals(dates)


@dataclass(frozen=True)
class _Change:
    """By as many days as the named appointment moves, and to the same time by the wall clock, each at its own site."""

    command: ChangeSeries
    named: Appointment

    def date(self, appointment: Appointment, chosen: datetime | None, checking: Checking) -> SeriesDate:
        zone, named_zone = zone_of(appointment.zone), zone_of(self.named.zone)
        on = local_day(appointment.start_at, zone)
        shown = wall_clock(self.command.start_at, named_zone)
        day = on + (local_day(self.command.start_at, named_zone) - local_day(self.named.start_at, named_zone))
        asked = self.command.start_at if appointment is self.named else at_wall_clock(day, shown, zone)
        wanted = chosen or asked
        who = self.command.practitioner_id or appointment.practitioner_id
        wish = Wish(
            start_at=wanted or start_of_day(day, zone) + shown,
            extent=appointment.extent,
            rather=tuple(appointment.resource_ids),
        )
        if wanted is None:
            return checking.skipped(on, who, wish, appointment)
        return checking.check(on, who, wish, appointment)


def _moved(
    dates: Sequence[SeriesDate], appointments: Sequence[Appointment], uow: Unit, day: Today
) -> list[Appointment]:
    """All give their time back before any takes another: each may go where the next one was."""
    by_id = {each.appointment_id: each for each in appointments}
    free = [(by_id[date.appointment_id], date) for date in dates if date.outcome == "free" and date.appointment_id]
    for appointment, _ in free:
        uow.appointments.give_back(appointment)
    for appointment, date in free:
        schedule, wish = date.given
        schedule.move(appointment, wish, day)
        clear_away(uow, schedule, appointment)
        uow.appointments.come_back(appointment)
        leave_list(appointment, uow)
    return [appointment for appointment, _ in free]
