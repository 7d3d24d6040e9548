"""Booking a series: all of its dates, or none."""

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import BookSeries
from services.scheduling.domain.schedule import Today
from services.scheduling.domain.series import Series
from services.scheduling.domain.series_dates import SeriesDate
from services.scheduling.operations.booking_rules import today
from services.scheduling.operations.check_series import check_series
from services.scheduling.operations.checking_series import require_all_free
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.series_answers import Answer, answer
from services.scheduling.operations.taking_time import clear_away
from shared.clock import Clock
from shared.ids import new_id


def book_series(command: BookSeries, uow: Unit, clock: Clock) -> Answer:
    """Books every date that is not left out by choice, with all that each needs, in one transaction.

    Raises what `check_series` raises, SeriesClashes where a date cannot be had and no choice says what is to become of
    it, SeriesEmpty where all are left out.
    """
    with uow:
        place = command.site_id, command.appointment_type_id
        uow.schedules.lock_what_is_needed([place], [command.practitioner_id])
        dates = check_series(command, uow, clock, command.patient_id).dates
        require_all_free(dates)
        series = _series(command, clock)
        uow.series.add(series)
        day = today(uow, clock)
        appointments = [_booked(each, series, uow, day) for each in dates if each.outcome == "free"]
        uow.audit("book_series", "series", series.series_id, site_id=series.site_id, patient_id=series.patient_id)
        return uow.commit(answer(series, appointments, dates))


def _series(command: BookSeries, clock: Clock) -> Series:
    return Series(
        series_id=new_id(),
        site_id=command.site_id,
        practitioner_id=command.practitioner_id,
        appointment_type_id=command.appointment_type_id,
        patient_id=command.patient_id,
        rrule=command.rrule,
        booked_at=clock.now(),
    )


def _booked(date: SeriesDate, series: Series, uow: Unit, day: Today) -> Appointment:
    """One date as an appointment of its own."""
    schedule, wish = date.given

    def begin(appointment: Appointment) -> None:
        appointment.series_id = series.series_id
        appointment.book()

    appointment = schedule.book(new_id(), series.patient_id, wish, day, begin)
    clear_away(uow, schedule, appointment)
    uow.appointments.add(appointment)
    return appointment
