"""Rooms and devices."""

from services.scheduling import operations, queries, schemas
from services.scheduling.service.scopes import MAP
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock
from shared.schemas import page_of


class ResourceEntrypoints:
    """What a visit needs besides people."""

    clock: BusinessClock

    @command(schemas.AddResourceSchema, schemas.ResourceAnswer, scope=MAP)
    def add_resource(self, command, uow):
        return operations.add_resource(command, uow, self.clock)

    @command(schemas.ChangeResourceSchema, schemas.ResourceAnswer, scope=MAP)
    def change_resource(self, command, uow):
        return operations.change_resource(command, uow, self.clock)

    @query(schemas.ResourcesQuestion, page_of(schemas.ResourceAnswer), scope="sites:read")
    def resources(self, question, uow):
        return queries.resources(question, uow)
