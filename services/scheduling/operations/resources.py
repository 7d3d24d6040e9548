"""Rooms and devices."""

from services.scheduling.domain.commands import AddResource, ChangeResource
from services.scheduling.domain.errors import ImpossibleHours
from services.scheduling.domain.resources import Resource
from services.scheduling.operations.changing import changed
from services.scheduling.operations.locks import hours_lock, resource_lock
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.working_time import working_time_changed
from shared.clock import Clock
from shared.ids import new_id


def add_resource(command: AddResource, uow: Unit, clock: Clock) -> Resource:
    """A new room or device. Raises NotFound (site), ImpossibleHours."""
    with uow:
        uow.places.site(command.site_id)
        resource = _checked(Resource(resource_id=new_id(), **vars(command)))
        uow.lock(hours_lock(resource.site_id), resource_lock(resource.resource_id))
        uow.resources.add(resource)
        working_time_changed(resource.resource_id, resource.site_id, uow, clock)
        uow.audit("add_resource", "resource", resource.resource_id, site_id=resource.site_id)
        return uow.commit(resource)


def change_resource(command: ChangeResource, uow: Unit, clock: Clock) -> Resource:
    """Changes what is given; what is booked stays. Raises NotFound, Stale, ImpossibleHours."""
    with uow:
        known = uow.resources.get(command.resource_id, lock=True)
        resource = _checked(changed(known, command.changes, command.version))
        uow.lock(hours_lock(resource.site_id), resource_lock(resource.resource_id))
        uow.resources.change(resource)
        working_time_changed(resource.resource_id, resource.site_id, uow, clock)
        uow.audit("change_resource", "resource", resource.resource_id, site_id=resource.site_id)
        return uow.commit(resource)


def _checked(resource: Resource) -> Resource:
    if resource.from_on and resource.until_on and resource.until_on < resource.from_on:
        raise ImpossibleHours("must not be before from_on", "until_on")
    return resource
