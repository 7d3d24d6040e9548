"""Runs of many texts: how far each is, and an end to one."""

from services.notifications import operations, queries, schemas
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock


class RunEntrypoints:
    """Progress and the stop button."""

    clock: BusinessClock

    @query(schemas.TextRunsQuestion, schemas.TextRunsAnswer, scope="texts:read")
    def text_runs(self, question, uow):
        return queries.text_runs(question, uow)

    @query(schemas.TextRunQuestion, schemas.TextRunAnswer, scope="texts:read")
    def text_run(self, question, uow):
        return queries.text_run(question, uow)

    @command(schemas.StopTextRunSchema, schemas.StoppedRunAnswer, scope="tasks:write")
    def stop_text_run(self, command, uow):
        return operations.stop_text_run(command, uow, self.clock)
