"""When sites are open."""

from services.scheduling import operations, queries, schemas
from services.scheduling.service.scopes import MAP
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock
from shared.schemas import page_of


class OpeningEntrypoints:
    """Opening hours, holidays and closures."""

    clock: BusinessClock

    @command(schemas.SetOpeningHoursSchema, schemas.ChangedOpeningAnswer, scope=MAP)
    def set_opening_hours(self, command, uow):
        return operations.set_opening_hours(command, uow, self.clock)

    @command(schemas.AddClosureSchema, schemas.ChangedClosureAnswer, scope=MAP)
    def add_closure(self, command, uow):
        return operations.add_closure(command, uow, self.clock)

    @command(schemas.RemoveClosureSchema, schemas.ChangedClosureAnswer, scope=MAP)
    def remove_closure(self, command, uow):
        return operations.remove_closure(command, uow, self.clock)

    @query(schemas.OpeningHoursQuestion, schemas.OpeningHoursAnswer, scope="sites:read")
    def opening_hours(self, question, uow):
        return operations.read_opening_hours(question["site_id"], uow)

    @query(schemas.ClosuresQuestion, page_of(schemas.ClosureAnswer), scope="sites:read")
    def closures(self, question, uow):
        return queries.closures(question, self.clock.now(), uow)
