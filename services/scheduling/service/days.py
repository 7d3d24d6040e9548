"""The day sheet of a site."""

from services.scheduling import operations, schemas
from services.scheduling.service.scopes import READ
from shared.calls.entrypoints import query
from shared.clock import BusinessClock


class DayEntrypoints:
    """The day, whole and as what changed."""

    clock: BusinessClock

    @query(schemas.DayQuestion, schemas.DayAnswer, scope=READ)
    def day(self, question, uow):
        return operations.read_day(
            question["site_id"], question["on"], uow, self.clock, question["practitioner_id"], question["room_id"]
        )

    @query(schemas.DayChangesQuestion, schemas.DayChangesAnswer, scope=READ)
    def day_changes(self, question, uow):
        return operations.read_day_changes(question["site_id"], question["on"], question["after"], uow, self.clock)
