"""Figures of a site's texts."""

from services.notifications import queries, schemas
from shared.calls.entrypoints import query
from shared.clock import BusinessClock


class FigureEntrypoints:
    """What managers compare."""

    clock: BusinessClock

    @query(schemas.FiguresQuestion, schemas.FiguresAnswer, scope="figures:read")
    def figures(self, question, uow):
        return queries.figures(question, self.clock.now(), uow)
