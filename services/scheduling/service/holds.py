"""Holds: time that is kept while somebody decides."""

from services.scheduling import operations, schemas
from services.scheduling.service.scopes import WRITE
from shared.calls.entrypoints import command
from shared.clock import BusinessClock


class HoldEntrypoints:
    """Held, and given back."""

    clock: BusinessClock

    @command(schemas.HoldTimeSchema, schemas.HoldAnswer, scope=WRITE)
    def hold_time(self, command, uow):
        return operations.hold_time(command, uow, self.clock)

    @command(schemas.ReleaseHoldSchema, schemas.HoldAnswer, scope=WRITE)
    def release_hold(self, command, uow):
        return operations.release_hold(command, uow, self.clock)
