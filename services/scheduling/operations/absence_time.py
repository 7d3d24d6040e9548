"""What an absence takes out of working time: leave of a practitioner at every site, or a closure of a site."""

from services.scheduling.domain.absences import Absence
from services.scheduling.domain.spans import Span
from services.scheduling.domain.time_exceptions import TimeException
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.working_time import site_hours_changed, working_time_changed
from shared.clock import Clock


def take_out(absence: Absence, uow: Unit, clock: Clock, *, instead_of: Absence | None = None) -> None:
    """From this transaction's commit on nothing is booked into it."""
    if instead_of is not None:
        uow.opening.remove_exception(instead_of.exception_id, clock.now())
    uow.opening.add_exception(
        TimeException(
            exception_id=absence.exception_id,
            kind="leave" if absence.site_id is None else "closure",
            span=Span(start_at=absence.from_at, end_at=absence.until_at),
            site_id=absence.site_id,
            resource_id=absence.practitioner_id,
            reason=absence.reason,
        )
    )
    _changed(absence, absence.during, uow, clock)


def give_back(absence: Absence, uow: Unit, clock: Clock) -> None:
    """The time can be booked again."""
    uow.opening.remove_exception(absence.exception_id, clock.now())
    _changed(absence, absence.during, uow, clock)


def _changed(absence: Absence, during: TimeRange, uow: Unit, clock: Clock) -> None:
    if absence.practitioner_id is not None:
        working_time_changed(absence.practitioner_id, None, uow, clock, during)
    elif absence.site_id is not None:
        site_hours_changed(absence.site_id, uow.schedules.resources_at(absence.site_id), uow, clock, during)
