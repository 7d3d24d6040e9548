"""Texts, and those whose fate a person has to find out."""

from services.notifications import operations, queries, schemas
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock


class TextEntrypoints:
    """Lists of texts, and the end of an unknown one."""

    clock: BusinessClock

    @query(schemas.TextsQuestion, schemas.TextsAnswer, scope="texts:read")
    def texts(self, question, uow):
        return queries.texts(question, uow)

    @query(schemas.SandboxQuestion, schemas.SandboxAnswer, scope="texts:read")
    def sandbox_texts(self, question, uow):
        return queries.sandbox_texts(question, uow)

    @query(schemas.UnknownTextsQuestion, schemas.UnknownTextsAnswer, scope="texts:read")
    def unknown_texts(self, question, uow):
        return queries.unknown_texts(question, uow)

    @query(schemas.UnknownTextQuestion, schemas.UnknownTextAnswer, scope="tasks:write")
    def unknown_text(self, question, uow):
        return queries.unknown_text(question, uow)

    @command(schemas.SettleTextSchema, schemas.TextAnswer, scope="tasks:write")
    def settle_text(self, command, uow):
        return operations.settle_text(command, uow, self.clock)
