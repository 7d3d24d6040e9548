"""The search for free times."""

from services.scheduling import operations, queries, schemas
from services.scheduling.adapters.zip_codes import UsZipCodes
from services.scheduling.service.scopes import READ
from shared.calls.entrypoints import query
from shared.clock import BusinessClock
from shared.schemas import page_of


class SearchEntrypoints:
    """Who could see the patient when."""

    clock: BusinessClock
    zips = UsZipCodes()

    @query(schemas.SearchQuestion, page_of(schemas.FoundTimeAnswer), scope=READ)
    def search_free_times(self, question, uow):
        found = operations.search_free_times(question, uow, self.clock, self.zips)
        return queries.page_of_found(found, question.limit)
