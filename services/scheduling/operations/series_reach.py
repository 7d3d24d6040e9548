"""What of a series a change is about."""

from collections.abc import Sequence

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import CancelSeries, ChangeSeries
from services.scheduling.domain.errors import NotOfSeries
from services.scheduling.domain.series import Series
from services.scheduling.operations.ports import Unit


def locked_within_reach(command: ChangeSeries | CancelSeries, uow: Unit) -> tuple[Series, list[Appointment]]:
    """The series and what of it is within reach, by start; its row is locked, and then all of its appointments by id.

    Raises NotFound, Stale, NotOfSeries.
    """
    series = uow.series.get(command.series_id, command.version)
    every = uow.appointments.lock([each.appointment_id for each in uow.series.appointments(series.series_id)])
    return series, _within_reach(_seen(every, uow), command, uow)


def within_reach(question: ChangeSeries | CancelSeries, uow: Unit) -> list[Appointment]:
    """What is within reach, without locks. Raises NotFound, NotOfSeries."""
    series = uow.series.read(question.series_id)
    return _within_reach(uow.series.appointments(series.series_id), question, uow)


def _seen(every: Sequence[Appointment], uow: Unit) -> list[Appointment]:
    """Under their locks: one that has been moved to a site that is not the asker's is none of hers."""
    return [each for each in every if uow.asker.may_see(each.site_id)]


def _within_reach(every: Sequence[Appointment], command: ChangeSeries | CancelSeries, uow: Unit) -> list[Appointment]:
    named = next((each for each in every if each.appointment_id == command.appointment_id), None)
    if named is None:
        uow.appointments.read(command.appointment_id)  # one that is not there, or another's, is not found
        raise NotOfSeries
    found = {
        "one": [named],
        "following": [each for each in every if each.start_at >= named.start_at],
        "all": list(every),
    }
    return sorted(found[command.reach], key=lambda each: (each.start_at, each.appointment_id))


def require_practitioner(command: ChangeSeries, uow: Unit) -> None:
    """Raises NotFound where the change names a practitioner who is not there."""
    if command.practitioner_id is not None:
        uow.places.practitioner(command.practitioner_id)
