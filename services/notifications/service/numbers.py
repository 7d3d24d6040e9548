"""Patients' numbers: whether they are texted, and why not."""

from services.notifications import operations, queries, schemas
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock


class NumberEntrypoints:
    """What is known of numbers."""

    clock: BusinessClock

    @query(schemas.TextingQuestion, schemas.TextingAnswer, scope="patients:read")
    def texting(self, question, uow):
        return queries.texting(question, uow)

    @command(schemas.ReportWrongNumberSchema, schemas.WrongNumberAnswer, scope="patients:write")
    def report_wrong_number(self, command, uow):
        return operations.report_wrong_number(command, uow, self.clock)
