"""What follows from a change of somebody's (or something's) working time."""

from collections.abc import Sequence
from uuid import UUID

from services.scheduling.domain.time_range import TimeRange
from services.scheduling.operations.keep_free_time import keep_free_time, keep_some_free_time
from services.scheduling.operations.locks import hours_lock, resource_lock
from services.scheduling.operations.ports import Unit
from shared.clock import Clock


def working_time_changed(
    resource_id: UUID, site_id: UUID | None, uow: Unit, clock: Clock, during: TimeRange | None = None
) -> None:
    """Every change of when a resource may be booked ends here: hours, leave, blocked time, stays, opening hours,
    holidays, closures, capacity. It runs in the change's own transaction, after its rows are written and under the
    resource's lock, so that what is derived from working time (free time by day) is never older than it.

    `site_id` None: at every site where the resource works. `during`: what changed is working time then, and no other.
    """
    _look_at([resource_id], site_id, uow, during)
    for each in [site_id] if site_id else [place.site_id for place in uow.free_time.places(None, resource_id)]:
        _keep(each, [resource_id], uow, clock, during)


def lock_site(site_id: UUID, uow: Unit) -> list[UUID]:
    """Locks everything that works or stands at the site, before a change of the site's own hours; says what it is."""
    uow.lock(hours_lock(site_id))
    resource_ids = uow.schedules.resources_at(site_id)
    uow.lock(*map(resource_lock, resource_ids))
    return resource_ids


def site_hours_changed(
    site_id: UUID, resource_ids: Sequence[UUID], uow: Unit, clock: Clock, during: TimeRange | None = None
) -> None:
    """The same for all that works or stands at a site, under the locks of all: a few statements, however many."""
    if resource_ids:
        _look_at(resource_ids, site_id, uow, during)
        _keep(site_id, resource_ids, uow, clock, during)


def _look_at(resource_ids: Sequence[UUID], site_id: UUID | None, uow: Unit, during: TimeRange | None) -> None:
    """Time may be free that was not, and what was offered may not be had any more: the waitlist's job sees to both."""
    uow.waitlist_offers.look_at_working_time(resource_ids, site_id)
    uow.waitlist_offers.look_at_who_was_offered(resource_ids, site_id, during)
    uow.leave_work()


def _keep(site_id: UUID, resource_ids: Sequence[UUID], uow: Unit, clock: Clock, during: TimeRange | None) -> None:
    if during is None:
        keep_free_time(site_id, resource_ids, uow, clock)
    else:
        keep_some_free_time(site_id, resource_ids, during, uow, clock)
