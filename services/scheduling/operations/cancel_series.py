"""Cancelling a series: one date, this and the following, or all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import CancelSeries
from services.scheduling.domain.series_dates import SeriesDate, is_changeable, staying
from services.scheduling.operations.checking_series import require_all_free
from services.scheduling.operations.leave_list import leave_list
from services.scheduling.operations.locks import resource_lock
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.series_answers import Answer, answer
from services.scheduling.operations.series_reach import locked_within_reach
from shared.clock import Clock


def cancel_series(command: CancelSeries, uow: Unit, clock: Clock) -> Answer:
    """Cancels what is within reach; what has begun, is over or is off stays, and is named as such.

    Raises NotFound, Stale, NotOfSeries, and SeriesEmpty where nothing can be cancelled any more. Locks as in
    `change_series`.
    """
    with uow:
        series, appointments = locked_within_reach(command, uow)
        uow.lock(*(resource_lock(one) for each in appointments for one in each.takes))
        now = clock.now()
        dates = dates_after_cancellation(appointments, now)
        require_all_free(dates)
        cancelled = [each for each in appointments if is_changeable(each, now)]
        for each in cancelled:
            each.cancel(command.reason, now, command.by)
            uow.appointments.leave(each)
            leave_list(each, uow)
        series = series.changed()
        uow.series.change(series)
        uow.audit("cancel_series", "series", series.series_id, site_id=series.site_id, patient_id=series.patient_id)
        return uow.commit(answer(series, cancelled, dates))


def dates_after_cancellation(appointments: Sequence[Appointment], now: datetime) -> list[SeriesDate]:
    """`free`: it can be cancelled."""
    return [
        replace(staying(each, now), outcome="free") if is_changeable(each, now) else staying(each, now)
        for each in appointments
    ]
