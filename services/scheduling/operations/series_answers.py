"""What is answered about a series: its own facts, its appointments, and what became of each date of a command."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.series import Series
from services.scheduling.domain.series_dates import SeriesDate
from services.scheduling.operations.ports import Unit

Answer = dict[str, Any]


def answer(series: Series, appointments: Sequence[Appointment], dates: Sequence[SeriesDate] = ()) -> Answer:
    """`appointments`: those that the command made or changed; `dates`: every date that it was about."""
    return {**vars(series), "appointments": appointments, "dates": dates}


def read_series(series_id: UUID, uow: Unit) -> Answer:
    """A series with all of its appointments by their start. Raises NotFound."""
    series = uow.series.read(series_id)
    return answer(series, uow.series.appointments(series_id))
