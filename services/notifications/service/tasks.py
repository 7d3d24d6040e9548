"""What people have to do, and whom they have to call."""

from services.notifications import operations, queries, schemas
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock


class TaskEntrypoints:
    """Tasks, open until somebody has done them."""

    clock: BusinessClock

    @query(schemas.TasksQuestion, schemas.TasksAnswer, scope="tasks:read")
    def tasks(self, question, uow):
        return queries.tasks(question, uow)

    @command(schemas.CloseTaskSchema, schemas.TaskAnswer, scope="tasks:write")
    def close_task(self, command, uow):
        return operations.close_task(command, uow, self.clock)

    @command(schemas.TakeTaskSchema, schemas.TaskAnswer, scope="tasks:write")
    def take_task(self, command, uow):
        return operations.take_task(command, uow, self.clock)

    @command(schemas.GiveBackTaskSchema, schemas.TaskAnswer, scope="tasks:write")
    def give_back_task(self, command, uow):
        return operations.give_back_task(command, uow, self.clock)

    @query(schemas.CallsQuestion, schemas.CallsAnswer, scope="tasks:read")
    def calls(self, question, uow):
        return queries.calls(question, uow)

    @query(schemas.CallQuestion, schemas.CallAnswer, scope="tasks:write")
    def call(self, question, uow):
        return queries.call(question, uow)
