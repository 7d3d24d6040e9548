"""When a practitioner works at a site."""

from uuid import UUID

from services.scheduling.domain.commands import SetWorkingHours
from services.scheduling.domain.working_hours import WorkingHours, checked_week
from services.scheduling.operations.ports import Unit
from shared.clock import Clock
from shared.errors import Stale


def resource_lock(practitioner_id: object) -> str:
    """The lock that everyone takes who books, moves or changes what a resource offers."""
    return f"resource/{practitioner_id}"


def set_working_hours(command: SetWorkingHours, uow: Unit, clock: Clock) -> WorkingHours:
    """Replaces the week; what is booked stays. Raises NotFound, Stale, ImpossibleHours."""
    weekly = checked_week(command.weekly)
    with uow:
        uow.places.site(command.site_id)
        uow.places.practitioner(command.practitioner_id)
        uow.lock(resource_lock(command.practitioner_id))
        known = uow.schedules.hours(command.practitioner_id, command.site_id)
        if command.version is not None and command.version != known.version:
            raise Stale({"version": known.version})
        hours = WorkingHours(
            practitioner_id=command.practitioner_id,
            site_id=command.site_id,
            lanes=command.lanes,
            weekly=weekly,
            version=known.version + 1,
        )
        uow.schedules.keep_hours(hours)
        uow.audit("set_working_hours", "practitioner", command.practitioner_id, site_id=command.site_id)
        return uow.commit(hours)


def read_working_hours(practitioner_id: UUID, site_id: UUID, uow: Unit) -> WorkingHours:
    """The week; an empty one of version 0 where none was ever set. Raises NotFound."""
    uow.places.site(site_id)
    return uow.schedules.hours(practitioner_id, site_id)
