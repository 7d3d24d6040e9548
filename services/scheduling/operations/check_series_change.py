"""What a change of a series would do to each date within its reach. Nothing is written."""

from services.scheduling.domain.commands import CancelSeries, ChangeSeries
from services.scheduling.domain.series_dates import SeriesDate
from services.scheduling.operations.booking_rules import today
from services.scheduling.operations.cancel_series import dates_after_cancellation
from services.scheduling.operations.change_series import dates_after_change
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.series_reach import require_practitioner, within_reach
from shared.clock import Clock


def check_series_change(question: ChangeSeries | CancelSeries, uow: Unit, clock: Clock) -> list[SeriesDate]:
    """Every date with its outcome, clashes with free times near. Raises NotFound, NotOfSeries, ImpossibleSeries."""
    if isinstance(question, CancelSeries):
        return dates_after_cancellation(within_reach(question, uow), clock.now())
    require_practitioner(question, uow)
    appointments, day = within_reach(question, uow), today(uow, clock)
    return dates_after_change(question, appointments, uow, day)
