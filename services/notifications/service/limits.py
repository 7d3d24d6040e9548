"""When a network texts: within which limits, and how long before a visit."""

from services.notifications import operations, schemas
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock


class LimitEntrypoints:
    """When texts may go."""

    clock: BusinessClock

    @command(schemas.SetTextingLimitsSchema, schemas.TextingLimitsAnswer, scope="texts:templates")
    def set_texting_limits(self, command, uow):
        return operations.set_texting_limits(command, uow, self.clock)

    @query(schemas.TextingLimitsQuestion, schemas.TextingLimitsAnswer, scope="texts:templates")
    def texting_limits(self, question, uow):
        return operations.read_texting_limits(uow)

    @command(schemas.SetReminderRulesSchema, schemas.ReminderRulesAnswer, scope="texts:templates")
    def set_reminder_rules(self, command, uow):
        return operations.set_reminder_rules(command, uow, self.clock)

    @query(schemas.ReminderRulesQuestion, schemas.ReminderRulesAnswer, scope="texts:templates")
    def reminder_rules(self, question, uow):
        return operations.read_reminder_rules(uow)
