"""Figures of a site."""

from services.scheduling import schemas
from services.scheduling.queries import figures, third_next_available
from services.scheduling.service.scopes import FIGURES
from shared.calls.entrypoints import query
from shared.clock import BusinessClock
from shared.schemas import page_of


class FigureEntrypoints:
    """What managers compare."""

    clock: BusinessClock

    @query(schemas.FiguresQuestion, schemas.FiguresAnswer, scope=FIGURES)
    def figures(self, question, uow):
        return figures.figures(question, self.clock.now(), uow)

    @query(schemas.ThirdNextAvailableQuestion, page_of(schemas.ThirdNextAvailable), scope=FIGURES)
    def third_next_available(self, question, uow):
        return third_next_available.third_next_available(question, self.clock.now(), uow)
